import { expect, test } from 'vitest';
import { createVault, vaultFile } from '../../../support/vault.ts';
import { testPassphrase } from '../../../support/vault-constants.ts';
import { alertRow, alertRuleRow, moment } from '../../../support/vault-rows.ts';

test('rules and alerts come back from the file, open alerts first', async () => {
  const { file, vault, path } = await createVault();
  const rule = alertRuleRow({ condition: { kind: 'silent', scope: { kind: 'site', site: 'Brno' }, seconds: 60 } });
  vault.alertRules.put(alertRuleRow());
  vault.alertRules.put(rule);
  const later = '2032-01-01T00:00:00.000Z';
  const open = alertRow();
  const ended = alertRow({ alertId: 'ended', subject: 'other', lastAt: later, endedAt: later });
  vault.alerts.put(open);
  vault.alerts.put(ended);
  vault.alerts.put({ ...open, count: 7, acknowledgedBy: 'Ada', acknowledgedAt: moment });
  file.close();
  const { alertRules, alerts } = await vaultFile(path).unlock(testPassphrase);
  expect(alertRules.list()).toEqual([rule]);
  expect(alerts.list(10)).toEqual([{ ...open, count: 7, acknowledgedBy: 'Ada', acknowledgedAt: moment }, ended]);
  expect(alerts.counts()).toEqual({ total: 2, open: 1, unacknowledged: 1, current: 2 });
  expect(alerts.ids()).toEqual(alerts.list(10).map(({ alertId }) => alertId));
  expect(alerts.unacknowledged(moment, 9)).toEqual([]);
  expect(alerts.unacknowledged(later, 9)).toEqual([ended]);
  expect(alerts.latest('rule-1', null, 'other')).toEqual(ended);
  expect(alerts.latest('rule-1', 'broker', 'other')).toBeUndefined();
  alertRules.delete('rule-1');
  expect(() => alertRules.delete('rule-1')).toThrow(expect.objectContaining({ code: 'alert/rule-not-found' }));
});

test('the log is bounded: the oldest that ended goes first, and none that stands', async () => {
  const { vault } = await createVault();
  const at = (day: number) => `2031-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;
  for (let day = 1; day <= 9; day++) {
    vault.alerts.put(alertRow({ alertId: `${day}`, lastAt: at(day), endedAt: day < 3 ? null : at(day) }));
  }
  vault.alerts.prune(4);
  expect(vault.alerts.list(20).map(({ alertId }) => alertId)).toEqual(['2', '1', '9', '8']);
  vault.alerts.prune(1);
  expect(vault.alerts.list(20).map(({ alertId }) => alertId)).toEqual(['2', '1']);
});
