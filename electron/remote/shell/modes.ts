/** `-rw-r-----` -> 0o640; what `ls` may append for ACLs or labels is ignored. */
export const permissionBits = (symbolic: string): number =>
  [...symbolic.slice(1, 10)].reduce((bits, letter) => bits * 2 + (letter === '-' ? 0 : 1), 0);

/** 0o640 -> `-rw-r-----`, as `ls -l` shows a regular file. */
export const symbolicMode = (mode: number): string =>
  `-${[6, 3, 0]
    .map((shift) => (mode >> shift) & 7)
    .map((bits) => `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`)
    .join('')}`;
