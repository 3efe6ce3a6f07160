// A unified diff of two versions of a broker's file, as an engineer may see it: secrets masked, and short.

import { diffArrays } from 'diff';
import { fileLines } from '../../../shared/model/mosquitto/fault.ts';
import type { FileKind } from '../file-names.ts';
import { maskLine } from './mask.ts';

/** More than this nobody reads; the search for the shortest diff gets slow besides. */
const maxChangedLines = 400;
const context = 3;

type Line = { readonly sign: ' ' | '-' | '+'; readonly text: string };

/** Empty when nothing differs. */
export async function unifiedDiff(kind: FileKind, before: string, after: string): Promise<string> {
  const [old, now] = [fileLines(before), fileLines(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  if (start === old.length && start === now.length) return '';

  const from = Math.max(0, start - context);
  const changes = await shortestEdit(old.slice(start, old.length - end), now.slice(start, now.length - end));
  if (changes === undefined)
    return `@@ more than ${maxChangedLines} lines differ: ${old.length} lines before, ${now.length} now @@\n`;
  const lines: Line[] = [
    ...old.slice(from, start).map(unchanged),
    ...changes,
    ...old.slice(old.length - end, old.length - end + context).map(unchanged),
  ];
  return hunks(lines, from)
    .map(({ header, shown }) => [header, ...shown.map(({ sign, text }) => sign + maskLine(kind, text)), ''].join('\n'))
    .join('');
}

const unchanged = (text: string): Line => ({ sign: ' ', text });

/** Undefined when too much differs. Other work runs between its steps. */
function shortestEdit(before: string[], after: string[]): Promise<Line[] | undefined> {
  if (before.length === 0 || after.length === 0) {
    const whole: Line[] = [
      ...before.map((text) => ({ sign: '-', text }) as const),
      ...after.map((text) => ({ sign: '+', text }) as const),
    ];
    return Promise.resolve(whole.length > maxChangedLines ? undefined : whole);
  }
  return new Promise((resolve) => {
    diffArrays(before, after, {
      maxEditLength: maxChangedLines,
      callback: (changes) =>
        resolve(
          changes?.flatMap(({ added, removed, value }) =>
            value.map((text): Line => ({ sign: added ? '+' : removed ? '-' : ' ', text })),
          ),
        ),
    });
  });
}

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
