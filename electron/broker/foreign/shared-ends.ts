// Two versions of a file of ten thousand entries mostly agree. Where the found file begins and ends as the rendered
// one does, there is nothing of anybody else, and nothing to read.

import type { Buffer } from 'node:buffer';

/** How many bytes at the beginning and at the end are the same in both, cut where an entry begins. */
export type SharedEnds = { readonly start: number; readonly end: number };

const chunk = 65_536;

/** Cut between lines. */
export function sharedLines(found: Buffer, rendered: Buffer): SharedEnds {
  const same = sharedStart(found, rendered);
  const start = same === 0 ? 0 : found.lastIndexOf('\n', same - 1) + 1;
  const shared = sharedEnd(found, rendered, start);
  if ([found, rendered].every((file) => followsLineFeed(file, file.length - shared))) return { start, end: shared };
  const feed = found.indexOf('\n', found.length - shared);
  return { start, end: feed === -1 ? 0 : found.length - feed - 1 };
}

const followsLineFeed = (file: Buffer, at: number): boolean => at === 0 || file[at - 1] === 0x0a;

const emptyLine = '\n\n';

/** Cut between the blocks of an ACL file: behind an empty line, and before the `user` line that follows one. */
export function sharedBlocks(found: Buffer, rendered: Buffer): SharedEnds {
  const same = sharedStart(found, rendered);
  const cut = same < emptyLine.length ? -1 : found.lastIndexOf(emptyLine, same - emptyLine.length);
  const start = cut === -1 ? 0 : cut + emptyLine.length;
  const shared = sharedEnd(found, rendered, start);
  const block = shared === 0 ? -1 : found.indexOf(`${emptyLine}user `, found.length - shared);
  return { start, end: block === -1 ? 0 : found.length - block - emptyLine.length };
}

function sharedStart(a: Buffer, b: Buffer): number {
  const most = Math.min(a.length, b.length);
  return longest(most, (from, to) => a.compare(b, from, to, from, to) === 0);
}

/** Of what lies behind `start` in both. */
function sharedEnd(a: Buffer, b: Buffer, start: number): number {
  const most = Math.min(a.length, b.length) - start;
  return longest(
    most,
    (from, to) => a.compare(b, b.length - to, b.length - from, a.length - to, a.length - from) === 0,
  );
}

/** The greatest `n` up to `most` for which everything from 0 to `n` is the same. */
function longest(most: number, isSame: (from: number, to: number) => boolean): number {
  let same = 0;
  while (same < most && isSame(same, Math.min(same + chunk, most))) same = Math.min(same + chunk, most);
  let differs = Math.min(same + chunk, most) + 1;
  while (same + 1 < differs) {
    const middle = Math.floor((same + differs) / 2);
    if (middle <= most && isSame(same, middle)) same = middle;
    else differs = middle;
  }
  return same;
}

/** How many lines end in these bytes. */
export function countFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) count++;
  return count;
}
