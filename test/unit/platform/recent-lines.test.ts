import { describe, expect, it } from 'vitest';
import { RecentLines } from '../../../electron/platform/recent-lines.ts';

describe('RecentLines', () => {
  it('puts lines together from pieces', () => {
    const lines = new RecentLines();
    lines.write('one\ntw');
    lines.write('o\r\nthree');
    expect(lines.all()).toEqual(['one', 'two']);
  });

  it('keeps the last lines, and knows which are new', () => {
    const lines = new RecentLines(3);
    lines.write('1\n2\n3\n');
    const position = lines.position;
    expect(lines.since(position)).toEqual([]);
    lines.write('4\n5\n');
    expect(lines.all()).toEqual(['3', '4', '5']);
    expect(lines.since(position)).toEqual(['4', '5']);
    lines.write('6\n7\n8\n');
    expect(lines.since(position)).toEqual(['6', '7', '8']);
    const next = lines.position;
    lines.write('9\n10\n11\n12\n13\n');
    expect(lines.all()).toEqual(['11', '12', '13']);
    expect(lines.position).toBe(next + 5);
  });

  it('hides a key whose beginning is further back than the lines that it keeps', () => {
    const lines = new RecentLines(2);
    lines.write('-----BEGIN PRIVATE KEY-----\nAAAA\nBBBB\nCCCC\n');
    lines.write('DDDD\n');
    expect(lines.all()).toEqual([]);
    lines.write('-----END PRIVATE KEY-----\nafter\n');
    expect(lines.all()).toEqual(['[redacted]', 'after']);
  });

  it('shows no secret and no endless line', () => {
    const lines = new RecentLines();
    lines.write(`bad line bob:$7$1000$c2FsdA==$a2V5\n${'x'.repeat(10_000)}\n`);
    expect(lines.all()[0]).not.toContain('c2FsdA==');
    expect(lines.all()[1]?.length).toBeLessThanOrEqual(500);
  });
});
