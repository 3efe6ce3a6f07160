// A unified diff of two versions of a broker's file, as an engineer may see it: secrets masked, and short.

import { Buffer } from 'node:buffer';
import { type ChangeObject, diffArrays } from 'diff';
import { fileLines } from '../../../shared/model/mosquitto/fault.ts';
import type { FileKind } from '../file-names.ts';
import { countFeeds, sharedLines } from '../foreign/shared-ends.ts';
import { maskLine } from './mask.ts';

/** More than this nobody reads; the search for the shortest diff gets slow besides. */
const maxChangedLines = 400;
const context = 3;

type Line = { readonly sign: ' ' | '-' | '+'; readonly text: string };

/** Empty when nothing differs. Damaged text is shown with replacement characters: a diff must not fail because of it. */
export async function unifiedDiff(kind: FileKind, before: Buffer, after: Buffer): Promise<string> {
  if (Buffer.compare(before, after) === 0) return '';
  const { start, end } = sharedLines(before, after);
  const [old, now] = [before, after].map((file) => linesOf(file.subarray(start, file.length - end))) as [Lines, Lines];
  const above = linesOf(before.subarray(lineFeedsBack(before, start, context), start));
  const below = linesOf(firstLines(before.subarray(before.length - end), context));
  const changes = await shortestEdit(old, now);
  const first = countFeeds(before.subarray(0, start)) - above.length;
  if (changes === undefined)
    return `@@ more than ${maxChangedLines} lines differ, from line ${first + above.length + 1} on: ${old.length} before, ${now.length} now @@\n`;
  return hunks([...above.map(unchanged), ...changes, ...below.map(unchanged)], first)
    .map(({ header, shown }) => [header, ...shown.map(({ sign, text }) => sign + maskLine(kind, text)), ''].join('\n'))
    .join('');
}

type Lines = string[];
const linesOf = (part: Buffer): Lines => fileLines(part.toString('utf8'));

function firstLines(part: Buffer, count: number): Buffer {
  let end = 0;
  for (let left = count; left > 0 && end < part.length; left--) {
    const feed = part.indexOf('\n', end);
    end = feed === -1 ? part.length : feed + 1;
  }
  return part.subarray(0, end);
}

/** Where the `count`th line before `at` begins, which is the beginning of a line itself. */
function lineFeedsBack(file: Buffer, at: number, count: number): number {
  let start = at;
  for (let left = count; left > 0 && start > 0; left--) start = start < 2 ? 0 : file.lastIndexOf('\n', start - 2) + 1;
  return start;
}

const unchanged = (text: string): Line => ({ sign: ' ', text });

/** What a first look finds at once; for more the search stops now and then, and takes a millisecond at least. */
const fewChangedLines = 20;

/** Undefined when too much differs. Other work runs between the steps of a long search. */
async function shortestEdit(before: string[], after: string[]): Promise<Line[] | undefined> {
  if (before.length === 0 || after.length === 0) {
    const lines = [...before.map(removed), ...after.map(added)];
    return lines.length > maxChangedLines ? undefined : lines;
  }
  const changes =
    diffArrays(before, after, { maxEditLength: fewChangedLines }) ??
    (await new Promise<ChangeObject<string[]>[] | undefined>((resolve) => {
      diffArrays(before, after, { maxEditLength: maxChangedLines, callback: resolve });
    }));
  return changes?.flatMap((change) => change.value.map(change.added ? added : change.removed ? removed : unchanged));
}

const removed = (text: string): Line => ({ sign: '-', text });
const added = (text: string): Line => ({ sign: '+', text });

/** Leaves out what is far from every change. `first` is the index of the first line in the old file. */
function hunks(lines: readonly Line[], first: number): { header: string; shown: Line[] }[] {
  const near = new Set<number>();
  for (const [index, { sign }] of lines.entries()) {
    if (sign === ' ') continue;
    for (let i = index - context; i <= index + context; i++) near.add(i);
  }
  const found: { header: string; shown: Line[] }[] = [];
  let [oldLine, newLine] = [first + 1, first + 1];
  let open: { oldStart: number; newStart: number; shown: Line[] } | undefined;
  const close = () => {
    if (open === undefined) return;
    const count = (sign: '-' | '+') =>
      open?.shown.filter((line) => line.sign === ' ' || line.sign === sign).length ?? 0;
    found.push({
      header: `@@ -${open.oldStart},${count('-')} +${open.newStart},${count('+')} @@`,
      shown: open.shown,
    });
    open = undefined;
  };
  for (const [index, line] of lines.entries()) {
    if (!near.has(index)) close();
    else {
      open ??= { oldStart: oldLine, newStart: newLine, shown: [] };
      open.shown.push(line);
    }
    if (line.sign !== '+') oldLine++;
    if (line.sign !== '-') newLine++;
  }
  close();
  return found;
}
