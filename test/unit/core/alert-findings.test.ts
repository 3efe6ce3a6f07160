import { expect, test } from 'vitest';
import { AlertFindings } from '../../../electron/core/alert-findings.ts';

const source = { ruleId: 'rule', name: 'Rule', kind: 'silent' } as const;
const registered = 'a plant';
const findingsOf = () => new AlertFindings((plantId) => plantId === registered);
const place = { brokerId: null, brokerName: '' };

function raise(findings: AlertFindings, subject: string): void {
  findings.add(source, place, { type: 'raise', ruleId: 'rule', subject, plantId: null, what: 'silent', value: null });
}

test('a rule that is taken away in the middle of a storm leaves its room to the others', () => {
  const findings = findingsOf();
  for (let i = 0; i < 1000; i++) raise(findings, `plant ${i}`);
  findings.keepOnly(() => false);
  raise(findings, 'another');
  expect(findings.take(10).map(({ subject }) => subject)).toEqual(['another']);
  expect(findings.notKept).toBe(0);
});

test('what is given back waits again, and what was found meanwhile counts', () => {
  const findings = findingsOf();
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

test('alarms that are made up, of plants that nobody knows or of one plant, leave room to the others', () => {
  const findings = findingsOf();
  const alarms = { ruleId: 'alarms', name: 'Alarms', kind: 'alarm' } as const;
  const alarm = (plantId: string, alarmId: number) => {
    const subject = `${plantId} ${alarmId}`;
    findings.add(alarms, place, { type: 'raise', ruleId: 'alarms', subject, plantId, what: 'Alarm', value: null });
  };
  for (let i = 0; i < 3000; i++) alarm(`forged ${i}`, i);
  for (let i = 0; i < 120; i++) alarm(registered, i);
  for (let i = 0; i < 120; i++) alarm(registered, 0);
  raise(findings, registered);
  expect(findings.take(5000)).toHaveLength(201);
  expect(findings.notKept).toBe(2900 + 20);
});
