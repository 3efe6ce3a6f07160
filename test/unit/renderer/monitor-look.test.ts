import { describe, expect, test } from 'vitest';
import { firstLook, rowsToAskFor, toggledWith } from '../../../renderer/features/monitor/look.ts';
import { settingsErrors, toForm, toSettings } from '../../../renderer/features/monitor/settings-form.ts';
import { ageWords, countWords, rateWords } from '../../../renderer/features/monitor/words.ts';
import { maxLookRows, topicLookSchema } from '../../../shared/model/monitor.ts';
import { defaultMonitorSettings } from '../../../shared/model/monitor-settings.ts';

describe('what a window asks for', () => {
  test('covers what is in sight wherever it is scrolled to, and is what the console takes', () => {
    for (const inSight of [1, 12, 60, 140]) {
      let last: { firstRow: number; rowCount: number } = firstLook;
      for (const topRow of [0, 1, 5, 40, 39, 1000, 999, 0]) {
        last = rowsToAskFor(topRow, inSight, last);
        expect(last.firstRow).toBeLessThanOrEqual(topRow);
        expect(last.firstRow + last.rowCount).toBeGreaterThanOrEqual(topRow + inSight);
        expect(last.rowCount).toBeLessThanOrEqual(maxLookRows);
        topicLookSchema.parse({ ...firstLook, ...last });
      }
    }
  });

  test('stays the same while what was asked for will do', () => {
    const asked = rowsToAskFor(100, 12, firstLook);
    expect(rowsToAskFor(101, 12, asked)).toBe(asked);
    expect(rowsToAskFor(130, 12, asked)).not.toBe(asked);
  });

  test('turns a branch round, and back', () => {
    expect(toggledWith([1, 2], 3)).toEqual([1, 2, 3]);
    expect(toggledWith([1, 2, 3], 2)).toEqual([1, 3]);
  });
});

describe('the form of what is listened to', () => {
  test('gives back what it was given', () => {
    const identity = { kind: 'credential', credentialId: 'one' } as const;
    for (const protocolVersion of ['auto', 5, 4] as const) {
      const known = { ...defaultMonitorSettings, identity, protocolVersion };
      expect(toSettings(toForm(known))).toEqual(known);
    }
  });

  test('names the field that is wrong', () => {
    const form = toForm(defaultMonitorSettings);
    expect(settingsErrors(form)).toEqual({});
    expect(settingsErrors({ ...form, identity: null })).toEqual({ identity: 'is needed' });
    expect(Object.keys(settingsErrors({ ...form, filters: 'cpi/#\na/#/b' }))).toEqual(['filters']);
    expect(Object.keys(settingsErrors({ ...form, filters: ' \n' }))).toEqual(['filters']);
    expect(Object.keys(settingsErrors({ ...form, topics: '', historyMebibytes: 5000 })).sort()).toEqual([
      'historyMebibytes',
      'topics',
    ]);
  });
});

test('numbers are told in words', () => {
  expect(countWords(1, 1)).toBe('(1 topic, 1 message)');
  expect(countWords(12, 3400)).toBe('(12 topics, 3,400 messages)');
  expect([0, 0.04, 0.5, 9.94, 20_000.4].map(rateWords)).toEqual(['', '', '0.5/s', '9.9/s', '20,000/s']);
  expect([0, 1499, 12_000, 300_000].map(ageWords)).toEqual(['now', 'now', '12 s', '5 min']);
});
