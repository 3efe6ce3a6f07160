import { describe, expect, it } from 'vitest';
import { maxDepth, maxParsedBytes, readJson, readText } from '../../../../../shared/model/payload/json.ts';
import { numericPaths } from '../../../../../shared/model/payload/numeric-paths.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('reading a payload as JSON', () => {
  it('reads a value, markup and all', () =>
    expect(readJson(utf8('{"a":"<script>"}'))).toEqual({ ok: true, value: { a: '<script>' } }));

  it('takes brackets in strings for text', () => {
    const value = `\\"${'['.repeat(200)}`.replace('\\', '');
    expect(readJson(utf8(JSON.stringify([value])))).toEqual({ ok: true, value: [value] });
  });

  it('reads the depth allowed and refuses one more', () => {
    const nested = (levels: number) => utf8('['.repeat(levels) + ']'.repeat(levels));
    expect(readJson(nested(maxDepth)).ok).toBe(true);
    expect(readJson(nested(maxDepth + 1))).toMatchObject({ ok: false, reason: expect.stringContaining('deeper') });
    expect(readJson(utf8('['.repeat(1_000_000)))).toMatchObject({ ok: false });
  });

  it('says why not', () => {
    expect(readJson(new Uint8Array(maxParsedBytes + 1))).toMatchObject({ reason: expect.stringContaining('Larger') });
    expect(readText(Uint8Array.of(0xc3, 0x28))).toEqual({ ok: false, reason: 'Not UTF-8.' });
    expect(readJson(utf8('alert(1)'))).toEqual({ ok: false, reason: 'Not JSON.' });
  });

  it('keeps __proto__ as a plain member', () => {
    const read = readJson(utf8('{"__proto__":{"a":1}}'));
    expect(read.ok && numericPaths(read.value).paths).toEqual([{ path: '/__proto__/a', value: 1 }]);
  });
});

describe('numeric paths', () => {
  it('lists numbers only, and finite ones', () =>
    expect(numericPaths(JSON.parse('{"a":1,"b":"2","c":[true,{"d":-0.5}],"e":1e999}')).paths).toEqual([
      { path: '/a', value: 1 },
      { path: '/c/1/d', value: -0.5 },
    ]));

  it('stops at the limit and says so', () =>
    expect(numericPaths([1, 2, 3], 2)).toEqual({
      truncated: true,
      paths: [
        { path: '/0', value: 1 },
        { path: '/1', value: 2 },
      ],
    }));
});
