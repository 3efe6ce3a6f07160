import type { Database } from 'better-sqlite3';
import { type AlertRule, alertConditionSchema } from '../../../shared/model/alert.ts';
import type { AlertRow, AlertRuleTable, AlertTable } from '../rows/alerts.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, mustChange, parseColumn } from './sql.ts';

type StoredRule = Omit<AlertRule, 'isEnabled' | 'condition'> & {
  readonly isEnabled: number;
  readonly condition: string;
};

const ruleColumns = [
  'ruleId',
  'name',
  'brokerId',
  'isEnabled',
  'condition',
] as const satisfies readonly (keyof StoredRule)[];

const toRule = (stored: StoredRule): AlertRule => ({
  ...stored,
  isEnabled: stored.isEnabled === 1,
  condition: parseColumn(alertConditionSchema, stored.condition),
});

export function alertRuleTable(db: Database, sealer: Sealer): AlertRuleTable {
  const rows = sealedRows<StoredRule>(db, sealer, 'alertRules', ruleColumns);
  const byName = rows.select<[]>('ORDER BY name, ruleId');
  const byId = rows.select<[string]>('WHERE ruleId = ?');
  const put = db.prepare(
    `${insertInto('alertRules', ruleColumns)} ON CONFLICT (ruleId) DO UPDATE SET
       name = excluded.name, brokerId = excluded.brokerId, isEnabled = excluded.isEnabled, condition = excluded.condition`,
  );
  const remove = db.prepare('DELETE FROM alertRules WHERE ruleId = ?');
  return {
    list: () => byName.all().map(toRule),
    get: (ruleId) => {
      const stored = byId.get(ruleId);
      return stored && toRule(stored);
    },
    put: (rule) => {
      const stored = { ...rule, isEnabled: rule.isEnabled ? 1 : 0, condition: JSON.stringify(rule.condition) };
      rows.write(rule.ruleId, () => put.run(stored));
    },
    delete: (ruleId) => mustChange(remove.run(ruleId), 'alert/rule-not-found'),
  };
}

const changeable = [
  'what',
  'value',
  'saidAt',
  'lastAt',
  'endedAt',
  'count',
  'acknowledgedBy',
  'acknowledgedAt',
] as const;
const alertColumns = [
  'alertId',
  'ruleId',
  'ruleName',
  'kind',
  'brokerId',
  'brokerName',
  'plantId',
  'plantName',
  'subject',
  'raisedAt',
  ...changeable,
] as const satisfies readonly (keyof AlertRow)[];

const inOrder = 'ORDER BY endedAt IS NOT NULL, acknowledgedAt IS NOT NULL, lastAt DESC, rowid DESC';

export function alertTable(db: Database, sealer: Sealer): AlertTable {
  const rows = sealedRows<AlertRow>(db, sealer, 'alerts', alertColumns);
  const newestFirst = rows.select<[number]>(`${inOrder} LIMIT ?`);
  const ids = db.prepare<[], string>(`SELECT alertId FROM alerts ${inOrder}`).pluck();
  const open = rows.select<[]>('WHERE endedAt IS NULL');
  const byId = rows.select<[string]>('WHERE alertId = ?');
  const latest = rows.select<[string, string | null, string]>(
    'WHERE ruleId = ? AND brokerId IS ? AND subject = ? ORDER BY lastAt DESC, rowid DESC LIMIT 1',
  );
  const unacknowledged = rows.select<[string, number]>('WHERE acknowledgedAt IS NULL AND lastAt <= ? LIMIT ?');
  const counts = db.prepare<[], ReturnType<AlertTable['counts']>>(
    `SELECT count(*) AS total, count(*) FILTER (WHERE endedAt IS NULL) AS open,
       count(*) FILTER (WHERE acknowledgedAt IS NULL) AS unacknowledged,
       count(*) FILTER (WHERE endedAt IS NULL OR acknowledgedAt IS NULL) AS current FROM alerts`,
  );
  const put = db.prepare(
    `${insertInto('alerts', alertColumns)} ON CONFLICT (alertId) DO UPDATE SET
       ${changeable.map((column) => `${column} = excluded.${column}`).join(', ')}`,
  );
  const prune = db.prepare(
    `DELETE FROM alerts WHERE endedAt IS NOT NULL AND rowid IN (
       SELECT rowid FROM alerts ORDER BY endedAt IS NOT NULL, lastAt DESC, rowid DESC LIMIT -1 OFFSET ?)`,
  );
  return {
    list: (limit) => newestFirst.all(limit),
    ids: () => ids.all(),
    open: () => open.all(),
    get: (alertId) => byId.get(alertId),
    latest: (ruleId, brokerId, subject) => latest.get(ruleId, brokerId, subject),
    counts: () => counts.get() ?? { total: 0, open: 0, unacknowledged: 0, current: 0 },
    unacknowledged: (until, limit) => unacknowledged.all(until, limit),
    put: (row) => {
      rows.write(row.alertId, () => put.run(row));
    },
    prune: (keep) => {
      prune.run(keep);
    },
  };
}
