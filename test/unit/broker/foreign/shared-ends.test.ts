import { describe, expect, it } from 'vitest';
import { sharedBlocks, sharedLines } from '../../../../electron/broker/foreign/shared-ends.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

const parts = (shared: typeof sharedLines, found: string, rendered: string) => {
  const { start, end } = shared(Buffer.from(found), Buffer.from(rendered));
  const cut = (text: string) => [
    text.slice(0, start),
    text.slice(start, text.length - end),
    text.slice(text.length - end),
  ];
  return { found: cut(found), rendered: cut(rendered) };
};

describe('shared ends', () => {
  it('are whole lines', () => {
    expect(parts(sharedLines, 'a:1\nb:2\nc:3\n', 'a:1\nb:9\nc:3\n').found).toEqual(['a:1\n', 'b:2\n', 'c:3\n']);
    expect(parts(sharedLines, 'a:1\nc:3\n', 'a:1\nb:2\nc:3\n').rendered).toEqual(['a:1\n', 'b:2\n', 'c:3\n']);
    expect(parts(sharedLines, '\na:1\n', 'a:1\n').found).toEqual(['', '\n', 'a:1\n']);
    expect(parts(sharedLines, '', 'a:1\n').rendered).toEqual(['', 'a:1\n', '']);
  });

  it('are whole blocks', () => {
    const block = (name: string, rule = 'read') => `user ${name}\ntopic ${rule} x\n`;
    const rendered = ['# h\npattern x\n', block('a'), block('b'), block('c')].join('\n');
    const found = ['# h\npattern x\n', block('a'), block('b', 'write'), block('c')].join('\n');
    expect(parts(sharedBlocks, found, rendered).found).toEqual([
      `# h\npattern x\n\n${block('a')}\n`,
      `${block('b', 'write')}\n`,
      block('c'),
    ]);
    expect(parts(sharedBlocks, `${rendered}topic write y\n`, rendered).found[1]).toBe(`${block('c')}topic write y\n`);
  });

  it('are the same in both, in files of any size', () => {
    const random = new SeededRandom(3);
    for (let round = 0; round < 300; round++) {
      const lines = random.list(random.below(12), (index) => `${index}:${'x'.repeat(random.below(40_000))}`);
      const text = () =>
        lines
          .filter(() => random.chance(0.9))
          .map((line) => `${line}\n`)
          .join('');
      const { found, rendered } = parts(sharedLines, text(), text());
      expect(found[0] === rendered[0] && found[2] === rendered[2]).toBe(true);
      expect(`${found[0]}\n`.endsWith('\n') && `\n${found[0]}${found[1]}`.endsWith('\n')).toBe(true);
    }
  });
});
