import { expect, test } from 'vitest';
import { AlertEar } from '../../../../electron/monitor/alerts/alert-ear.ts';
import type { AlertEvent } from '../../../../electron/monitor/alerts/alert-event.ts';
import type { AlertCondition } from '../../../../shared/model/alert.ts';
import { alertRuleRow, plantId } from '../../../support/vault-rows.ts';

const plant = plantId('a');
const value = (filter: string): AlertCondition => ({
  kind: 'value',
  filter,
  pointer: '/v',
  direction: 'above',
  limit: 1,
  hysteresis: 0,
});

function earOf(conditions: readonly AlertCondition[], { isForged = false, isOwn = false } = {}) {
  const events: AlertEvent[] = [];
  const ear = new AlertEar({
    rules: conditions.map((condition, i) => alertRuleRow({ ruleId: `r${i}`, condition })),
    standing: [],
    emit: (event) => events.push(event),
    isPlant: (id) => id === plant,
    isOwn: () => isOwn,
    isForged: () => isForged,
  });
  const hear = (topic: string, content: unknown, retained = false, receivedAt = 1000) =>
    ear.hear({ topic, payload: Buffer.from(JSON.stringify(content)), qos: 0, retained, receivedAt });
  return { ear, events, hear };
}

test('an alarm begins with RAISE and ends with RESOLVE of the same alarm', () => {
  const { events, hear } = earOf([{ kind: 'alarm' }]);
  const alarm = { ts: 1, n: '0011223344', alarmId: 'x', code: 'E12', sev: 'MAJOR', msg: 'hot' };
  hear(`cpi/${plant}/alarm`, { ...alarm, ev: 'RAISE' });
  hear(`cpi/${plant}/alarm`, { ...alarm, ev: 'RESOLVE' });
  hear(`cpi/${plant}/telemetry`, { ...alarm, ev: 'RAISE' });
  hear('cpi/nobody/alarm', { ...alarm, ev: 'RAISE' });
  hear(`cpi/${plant}/alarm`, { ...alarm, ev: 'GUESS' });
  const subject = `${plant} x`;
  const word = { saidAt: 1, isRetained: false };
  expect(events).toEqual([
    { type: 'raise', ruleId: 'r0', subject, plantId: plant, what: 'Alarm MAJOR E12: hot', value: 'E12', word },
    { type: 'end', ruleId: 'r0', subject, word },
  ]);
});

test('an alarm with a forged signature is neither raised nor ended, and counted', () => {
  const { ear, events, hear } = earOf([{ kind: 'alarm' }], { isForged: true });
  hear(`cpi/${plant}/alarm`, { ev: 'RESOLVE', alarmId: 'x' });
  expect(events).toEqual([]);
  expect(ear.unbelieved).toBe(1);
  expect([...ear.unbelievedPlants]).toEqual([plant]);
});

test('a rule about severities is about these, in upper or lower case, and about alarms that name none', () => {
  const { events, hear } = earOf([{ kind: 'alarm', severities: ['major', '1'] }]);
  const raise = (alarmId: string, sev: unknown) => hear(`cpi/${plant}/alarm`, { ev: 'RAISE', alarmId, sev });
  for (const [i, sev] of ['MAJOR', 'MINOR', 1, undefined].entries()) raise(`${i}`, sev);
  hear(`cpi/${plant}/alarm`, { ev: 'RESOLVE', alarmId: '1', sev: 'MINOR' });
  expect(events.map(({ type, subject }) => [type, subject.at(-1)])).toEqual([
    ['raise', '0'],
    ['raise', '2'],
    ['raise', '3'],
    ['end', '1'],
  ]);
});

test('a plant without a clock says when with no time at all', () => {
  const { events, hear } = earOf([{ kind: 'alarm' }]);
  for (const ts of [0, -1, 'now', 1e300, undefined])
    hear(`cpi/${plant}/alarm`, { ev: 'RAISE', alarmId: 'x', ts }, true);
  expect(events.map(({ word }) => word)).toEqual(Array(5).fill({ saidAt: null, isRetained: true }));
});

test('what is played from a recording says nothing', () => {
  const { events, hear } = earOf([{ kind: 'alarm' }], { isOwn: true });
  hear(`cpi/${plant}/alarm`, { ev: 'RAISE', alarmId: 'x' });
  expect(events).toEqual([]);
});

test('what the broker kept is no life sign', () => {
  const { ear, hear } = earOf([{ kind: 'silent', scope: { kind: 'all' }, seconds: 60 }]);
  hear(`cpi/${plant}/info`, {}, true, 5);
  expect(ear.heardAt(plant)).toBeUndefined();
  hear(`cpi/${plant}/status`, {}, false, 6);
  hear(`cpi/${plant}/command`, {}, false, 7);
  expect(ear.heardAt(plant)).toBe(6);
});

test('a will is no life sign, and a plant that is in no register is nobody', () => {
  const { ear, hear } = earOf([{ kind: 'silent', scope: { kind: 'all' }, seconds: 60 }]);
  hear(`cpi/${plant}/status`, { online: true }, false, 5);
  hear(`cpi/${plant}/status`, { online: false }, false, 6);
  expect(ear.heardAt(plant)).toBe(5);
  hear(`cpi/${plantId('b')}/telemetry`, {}, false, 7);
  expect(ear.heardAt(plantId('b'))).toBeUndefined();
});

test('each rule is asked about its own topics only', () => {
  const { events, hear } = earOf([value('a/+'), value('a/#'), value('b')]);
  hear('a/x', { v: 2 });
  hear('c', { v: 2 });
  expect(events.map(({ ruleId }) => ruleId)).toEqual(['r0', 'r1']);
});

test('a broker without rules about messages is not listened to', () => {
  expect(earOf([]).ear.isIdle).toBe(true);
  expect(earOf([{ kind: 'refused' }]).ear.isIdle).toBe(true);
  expect(earOf([{ kind: 'alarm' }]).ear.isIdle).toBe(false);
});

test('a million topics and a flood of alarms leave nothing behind but counts', () => {
  const { ear, events, hear } = earOf([{ kind: 'alarm' }, value('only/this')]);
  for (let i = 0; i < 50_000; i++) hear(`topic/${i}`, i);
  for (let i = 0; i < 1000; i++) hear(`cpi/${plant}/alarm`, { ev: 'RAISE', alarmId: i });
  expect(events).toHaveLength(20);
  expect(ear.skipped).toBe(980);
});

test('a flood of alarms of plants that nobody knows takes no turn away from a plant of the register', () => {
  const { ear, events, hear } = earOf([{ kind: 'alarm' }]);
  for (let i = 0; i < 1000; i++)
    hear(`cpi/${plantId(`f${i.toString(16)}`)}/alarm`, { ev: 'RAISE', alarmId: 'made up' });
  hear(`cpi/${plant}/alarm`, { ev: 'RAISE', alarmId: 'true' });
  expect(ear.skipped).toBe(980);
  expect(events.at(-1)).toMatchObject({ plantId: plant, subject: `${plant} true` });
});
