// Rules of alerts, and who saw what they raised. What a rule had raised ends with it (core/alerts.ts): there may be a
// thousand of them.

import { randomUUID } from 'node:crypto';
import type { AlertRule, AlertRuleInput } from '../../shared/model/alert.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { endOfSlice } from '../platform/slices.ts';
import { audit, type OperationContext, timestamp } from './context.ts';

const maxRules = 200;
const atOnce = 50;

/** Throws `alert/too-many-rules`. */
export function addAlertRule(context: OperationContext, input: AlertRuleInput): AlertRule {
  const rule = { ...input, ruleId: randomUUID() };
  context.vault.transaction(() => {
    if (context.vault.alertRules.list().length >= maxRules) throw new ConsoleError('alert/too-many-rules');
    context.vault.alertRules.put(rule);
    audit(context, 'alert-rule.add', rule.name, { ruleId: rule.ruleId, kind: rule.condition.kind });
  });
  context.changed('alerts');
  return rule;
}

/** Throws `alert/rule-not-found`. */
export function changeAlertRule(context: OperationContext, rule: AlertRule): AlertRule {
  context.vault.transaction(() => {
    if (!context.vault.alertRules.get(rule.ruleId)) throw new ConsoleError('alert/rule-not-found');
    context.vault.alertRules.put(rule);
    const { ruleId, isEnabled } = rule;
    audit(context, 'alert-rule.change', rule.name, { ruleId, kind: rule.condition.kind, isEnabled });
  });
  context.changed('alerts');
  return rule;
}

/** Throws `alert/rule-not-found`. */
export function deleteAlertRule(context: OperationContext, ruleId: string): void {
  context.vault.transaction(() => {
    const name = context.vault.alertRules.get(ruleId)?.name ?? '';
    context.vault.alertRules.delete(ruleId);
    audit(context, 'alert-rule.delete', name, { ruleId });
  });
  context.changed('alerts');
}

/** Once; who comes later changes nothing. Throws `alert/not-found`. */
export function acknowledgeAlert(context: OperationContext, alertId: string): void {
  context.vault.transaction(() => {
    const alert = context.vault.alerts.get(alertId);
    if (!alert) throw new ConsoleError('alert/not-found');
    if (alert.acknowledgedAt !== null) return;
    context.vault.alerts.put({ ...alert, acknowledgedBy: context.actor, acknowledgedAt: timestamp(context) });
    audit(context, 'alert.acknowledge', alert.ruleName, { alertId, raisedAt: alert.raisedAt });
  });
  context.changed('alerts');
}

/** All that were told of until then: what came after the operator looked stays. In slices; answers how many. */
export async function acknowledgeAlerts(context: OperationContext, until: string): Promise<number> {
  const { vault } = context;
  const pause = endOfSlice();
  let count = 0;
  for (;;) {
    const seen = vault.alerts.unacknowledged(until, atOnce);
    const acknowledgedAt = timestamp(context);
    vault.transaction(() => {
      for (const alert of seen) vault.alerts.put({ ...alert, acknowledgedBy: context.actor, acknowledgedAt });
      if (count === 0 && seen.length > 0) audit(context, 'alert.acknowledge-all', '', { until });
    });
    count += seen.length;
    if (seen.length < atOnce) break;
    await pause();
  }
  context.changed('alerts');
  return count;
}
