/** One line of a unified diff as it is shown. `place`: where in the file the next lines are. */
export type DiffLine = {
  /** Its index in the diff. */
  readonly at: number;
  readonly kind: 'added' | 'removed' | 'same' | 'place';
  readonly sign: '+' | '−' | ' ' | '';
  readonly text: string;
};

/** The lines of a unified diff without file headers, as the core makes them. */
export function parseDiff(diff: string): readonly DiffLine[] {
  return diff
    .replace(/\n$/, '')
    .split('\n')
    .map((line, at): DiffLine => {
      const text = line.slice(1);
      switch (line[0]) {
        case '+':
          return { at, kind: 'added', sign: '+', text };
        case '-':
          return { at, kind: 'removed', sign: '−', text };
        case '@':
          return { at, kind: 'place', sign: '', text: placeWords(line) };
        default:
          return { at, kind: 'same', sign: ' ', text };
      }
    });
}

/** `@@ -3,7 +3,9 @@` as `Line 3`; a sentence between the signs as it is. */
function placeWords(header: string): string {
  const range = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(header);
  return range ? `From line ${range[1]}` : header.replace(/^@@ | @@$/g, '');
}

export const countChanges = (lines: readonly DiffLine[]) => ({
  added: lines.filter(({ kind }) => kind === 'added').length,
  removed: lines.filter(({ kind }) => kind === 'removed').length,
});
