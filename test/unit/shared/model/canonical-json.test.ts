import { expect, test } from 'vitest';
import { canonicalJson } from '../../../../shared/model/canonical-json.ts';

test("RFC 8785's own example", () => {
  const value = {
    numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  };
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('the order of keys does not matter, the order of items does; undefined is left out', () => {
  expect(canonicalJson({ b: { y: 1, x: undefined }, a: [2, 1, undefined] })).toBe('{"a":[2,1,null],"b":{"y":1}}');
  expect(canonicalJson({ a: [2, 1, undefined], b: { y: 1 } })).toBe(
    canonicalJson({ b: { y: 1 }, a: [2, 1, undefined] }),
  );
});
