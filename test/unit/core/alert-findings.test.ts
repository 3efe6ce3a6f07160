import { expect, test } from 'vitest';
import { AlertFindings } from '../../../electron/core/alert-findings.ts';

const source = { ruleId: 'rule', name: 'Rule', kind: 'silent' } as const;
const place = { brokerId: null, brokerName: '' };

function raise(findings: AlertFindings, subject: string): void {
  findings.add(source, place, { type: 'raise', ruleId: 'rule', subject, plantId: null, what: 'silent', value: null });
}

test('a rule that is taken away in the middle of a storm leaves its room to the others', () => {
  const findings = new AlertFindings();
  for (let i = 0; i < 1000; i++) raise(findings, `plant ${i}`);
  findings.keepOnly(() => false);
  raise(findings, 'another');
  expect(findings.take(10).map(({ subject }) => subject)).toEqual(['another']);
  expect(findings.notKept).toBe(0);
});

test('what is given back waits again, and what was found meanwhile counts', () => {
  const findings = new AlertFindings();
  raise(findings, 'a');
  raise(findings, 'b');
  const taken = findings.take(10);
  findings.add(source, place, { type: 'raise', ruleId: 'rule', subject: 'a', plantId: null, what: 'new', value: null });
  findings.giveBack(taken);
  expect(findings.take(10).map(({ subject, raised }) => [subject, raised?.what])).toEqual([
    ['a', 'new'],
    ['b', 'silent'],
  ]);
});
