import { describe, expect, it } from 'vitest';
import { readParameters } from '../../../renderer/features/monitor/publish/command-parameters.ts';
import { plantCommandSchema } from '../../../shared/model/publish.ts';

const reasonOf = (text: string): string => {
  const reading = readParameters(text);
  return reading.ok ? 'taken' : reading.reason;
};

describe('the parameters of a command', () => {
  it.each([
    '{}',
    '{"percent": 80}',
    '{"a":[1,-2.5,0.1,1.0,1.50e2,1e21,-0,0.000,9007199254740991,123456789012345,1e-7,5e-324]}',
    '{"n":"12345678901234567890","on":true,"off":null,"a":{"b":1},"c":{"b":2}}',
    '{"\\u0061":1,"b":"\\u010derpadlo"}',
  ])('%s is taken as it stands, and goes out so', (text) => {
    const reading = readParameters(text);
    expect(reading).toEqual({ ok: true, value: JSON.parse(text) });
    expect(reading.ok && plantCommandSchema.shape.parameters.parse(reading.value)).toEqual(JSON.parse(text));
  });

  it.each([
    [
      '{"n":12345678901234567890}',
      /^12345678901234567890 would be sent as 12345678901234567000: write it with 15 digits/,
    ],
    ['{"a":[{"n":9007199254740993}]}', /^9007199254740993 would be sent as 9007199254740992/],
    ['{"n":0.30000000000000000001}', /^0\.30000000000000000001 would be sent as 0\.3:/],
    ['{"n":-1e400}', /^-1e400 would be sent as null/],
    ['{"n":1e-400}', /^1e-400 would be sent as 0:/],
  ])('%s has a number that cannot be kept', (text, reason) => {
    expect(reasonOf(text)).toMatch(reason);
  });

  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"b":[{"a":1,"\\u0061":1}]}', 'a'],
    ['{"\\u202e":1,"\\u202e":2}', '\\u202e'],
  ])('%s has a name that stands twice', (text, name) => {
    expect(reasonOf(text)).toBe(`“${name}” stands twice: keep the one that is meant`);
  });

  it.each(['{"__proto__":1}', '{"a":{"__proto__":{"b":1}}}'])('%s has a name that would be left out', (text) => {
    expect(reasonOf(text)).toMatch(/“__proto__”: leave it out/);
  });

  it.each(['', '[]', '1', '"{}"', '{"a":}', '{"a":1}}', `${'{"a":'.repeat(300)}1${'}'.repeat(300)}`])(
    '%s is no object',
    (text) => {
      expect(reasonOf(text)).toBe('A JSON object, such as {"percent": 80}');
    },
  );
});
