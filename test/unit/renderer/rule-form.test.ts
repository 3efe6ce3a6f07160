import { describe, expect, it } from 'vitest';
import { ruleErrors, ruleInput, valuesOf } from '../../../renderer/features/alerts/rule-form.ts';
import { enterANumber } from '../../../renderer/ui/typed-number.ts';

const base = { ...valuesOf(undefined), name: 'Tank' };
const value = { ...base, kind: 'value', filter: 'tank', limit: '80' } as const;

describe('numbers of a rule', () => {
  it('are taken as they were typed', () => {
    const input = ruleInput({ ...value, limit: '1e3', hysteresis: '0,5' });
    expect(input.condition).toMatchObject({ limit: 1000, hysteresis: 0.5 });
    expect(ruleInput({ ...base, seconds: '60' }).condition).toMatchObject({ seconds: 60 });
  });

  it.each(['', '1e400', '1.000.5', '80 °C'])('%j is wrong, and it is said what to enter', (text) => {
    expect(ruleErrors({ ...value, limit: text, hysteresis: text })).toEqual({
      limit: enterANumber,
      hysteresis: enterANumber,
    });
    expect(ruleErrors({ ...base, seconds: text })).toEqual({ seconds: enterANumber });
  });

  it('have their limits', () => {
    expect(ruleErrors({ ...value, hysteresis: '-1' })).toEqual({ hysteresis: 'must be 0 or more' });
    expect(ruleErrors({ ...base, seconds: '4' })).toEqual({ seconds: 'must be 5 or more' });
    expect(ruleErrors({ ...base, seconds: '5.5' })).toEqual({ seconds: 'must be whole seconds' });
  });

  it('come back as they were saved', () => {
    const input = ruleInput({ ...value, limit: '1e21', hysteresis: '.25' });
    expect(ruleInput(valuesOf({ ...input, ruleId: '1' }))).toEqual(input);
  });
});
