// Alerts as the vault keeps them: a thing that is told of again while its alert stands, or shortly after it ended, is
// counted with it; the log is bounded.

import { randomUUID } from 'node:crypto';
import type { Alert, AlertRule, AlertRuleInput } from '../../shared/model/alert.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { HostNotice } from '../../shared/model/host-notice.ts';
import { visibleText } from '../../shared/model/visible-text.ts';
import { audit, type OperationContext, timestamp } from './context.ts';

const maxRules = 200;
const maxOpen = 300;
const keptAlerts = 1000;
/** What begins again within this is the same alert. */
const againMs = 10 * 60 * 1000;
const maxText = 300;
const maxNoticeText = 120;

/** What was found out, once or several times. */
export type Finding = {
  readonly rule: AlertRule;
  readonly brokerId: string | null;
  readonly brokerName: string;
  readonly subject: string;
  readonly raised:
    | { readonly count: number; readonly plantId: string | null; readonly what: string; readonly value: string | null }
    | undefined;
  /** Whether it is over now. */
  readonly isOver: boolean;
};

/** Keeps them; answers the alerts that are new, and how many found no room. */
export function noteFindings(
  context: OperationContext,
  findings: readonly Finding[],
): { readonly raised: readonly Alert[]; readonly notKept: number } {
  const { alerts } = context.vault;
  const now = timestamp(context);
  const raised: Alert[] = [];
  let notKept = 0;
  context.vault.transaction(() => {
    let { open } = alerts.counts();
    for (const finding of findings) {
      const last = alerts.latest(finding.rule.ruleId, finding.brokerId, finding.subject);
      const isNew = finding.raised !== undefined && !(last && isSame(last, now));
      if (isNew && open >= maxOpen) {
        notKept += 1;
        continue;
      }
      const alert = toAlert(finding, last, now);
      if (!alert) continue;
      alerts.put(alert);
      if (isNew) raised.push(alert);
      open += Number(alert.endedAt === null) - Number(last?.endedAt === null && last.alertId === alert.alertId);
    }
    if (raised.length > 0) alerts.prune(keptAlerts);
  });
  return { raised, notKept };
}

const isSame = ({ endedAt }: Alert, now: string): boolean =>
  endedAt === null || Date.parse(now) - Date.parse(endedAt) < againMs;

/** Undefined when nothing changes. */
function toAlert(
  { rule, brokerId, brokerName, subject, raised, isOver }: Finding,
  last: Alert | undefined,
  now: string,
): Alert | undefined {
  const endedAt = isOver ? now : null;
  if (!raised) return last?.endedAt === null ? { ...last, endedAt } : undefined;
  const what = cut(visibleText(raised.what), maxText);
  const value = raised.value === null ? null : cut(visibleText(raised.value), maxText);
  if (last && isSame(last, now)) {
    // Who has seen it while it stood has not seen that it began again.
    const seen = last.endedAt === null ? {} : { acknowledgedBy: null, acknowledgedAt: null };
    return { ...last, ...seen, what, value, lastAt: now, endedAt, count: last.count + raised.count };
  }
  return {
    alertId: randomUUID(),
    ruleId: rule.ruleId,
    ruleName: rule.name,
    kind: rule.condition.kind,
    brokerId,
    brokerName,
    plantId: raised.plantId,
    subject,
    what,
    value,
    raisedAt: now,
    lastAt: now,
    endedAt,
    count: raised.count,
    acknowledgedBy: null,
    acknowledgedAt: null,
  };
}

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

/** What the host shows of alerts that are new; at least one. */
export function alertNotice(raised: readonly Alert[]): HostNotice {
  const [first] = raised;
  const others = raised.length > 1 ? ` And ${raised.length - 1} more: see Alerts.` : '';
  return {
    title: cut(`Alert: ${visibleText(first?.ruleName ?? '')}`, maxNoticeText),
    body: `${cut(first?.what ?? '', maxNoticeText)}.${others}`,
  };
}

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

/** Its open alerts end. Throws `alert/rule-not-found`. */
export function changeAlertRule(context: OperationContext, rule: AlertRule): AlertRule {
  context.vault.transaction(() => {
    if (!context.vault.alertRules.get(rule.ruleId)) throw new ConsoleError('alert/rule-not-found');
    context.vault.alertRules.put(rule);
    endAlertsOf(context, rule.ruleId);
    const { ruleId, isEnabled } = rule;
    audit(context, 'alert-rule.change', rule.name, { ruleId, kind: rule.condition.kind, isEnabled });
  });
  context.changed('alerts');
  return rule;
}

/** Its open alerts end. Throws `alert/rule-not-found`. */
export function deleteAlertRule(context: OperationContext, ruleId: string): void {
  context.vault.transaction(() => {
    const name = context.vault.alertRules.get(ruleId)?.name ?? '';
    context.vault.alertRules.delete(ruleId);
    endAlertsOf(context, ruleId);
    audit(context, 'alert-rule.delete', name, { ruleId });
  });
  context.changed('alerts');
}

function endAlertsOf(context: OperationContext, ruleId: string): void {
  const endedAt = timestamp(context);
  for (const alert of context.vault.alerts.open()) {
    if (alert.ruleId === ruleId) context.vault.alerts.put({ ...alert, endedAt });
  }
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
