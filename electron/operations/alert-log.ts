// Alerts as the vault keeps them: a thing that is told of again while its alert stands, or shortly after it ended, is
// counted with it; the log is bounded.

import { randomUUID } from 'node:crypto';
import type { Alert, AlertKind } from '../../shared/model/alert.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import { visibleText } from '../../shared/model/visible-text.ts';
import { type OperationContext, timestamp } from './context.ts';

/** Open and ended together; of open ones there are fewer. */
const keptAlerts = 2000;
/** What begins again within this is the same alert. */
const againMs = 10 * 60 * 1000;
const maxText = 300;

/** Who tells: a rule, or the console itself. */
export type AlertSource = { readonly ruleId: string; readonly name: string; readonly kind: AlertKind };

/** What was found out, once or several times. */
export type Finding = {
  readonly source: AlertSource;
  readonly brokerId: string | null;
  readonly brokerName: string;
  readonly subject: string;
  readonly raised:
    | {
        readonly count: number;
        readonly plantId: string | null;
        readonly what: string;
        readonly value: string | null;
        /** ISO 8601, by the plant's clock. */
        readonly saidAt: string | null;
        /** All that was heard of it is what the broker had kept. */
        readonly isRetained: boolean;
      }
    | undefined;
  /** Whether it is over now. */
  readonly isOver: boolean;
};

/** Keeps them; answers the alerts as they are kept now, and which of them are new. */
export function noteFindings(
  context: OperationContext,
  findings: readonly Finding[],
): { readonly written: readonly Alert[]; readonly raised: readonly Alert[] } {
  const { alerts } = context.vault;
  const now = timestamp(context);
  const written: Alert[] = [];
  const raised: Alert[] = [];
  context.vault.transaction(() => {
    for (const finding of findings) {
      const last = alerts.latest(finding.source.ruleId, finding.brokerId, finding.subject);
      const alert = toAlert(context, finding, last, now);
      if (!alert) continue;
      alerts.put(alert);
      written.push(alert);
      if (alert.alertId !== last?.alertId) raised.push(alert);
    }
    if (alerts.counts().total > keptAlerts) alerts.prune(keptAlerts);
  });
  return { written, raised };
}

const isSame = ({ endedAt }: Alert, now: string): boolean =>
  endedAt === null || Date.parse(now) - Date.parse(endedAt) < againMs;

/** The broker kept it, and it was told of before: that it was resolved since, the broker need not have kept. */
const isKnown = ({ isRetained, saidAt }: NonNullable<Finding['raised']>, last: Alert | undefined): boolean =>
  isRetained && last !== undefined && (saidAt === null ? last.endedAt === null : saidAt === last.saidAt);

/** Undefined when nothing changes. */
function toAlert(
  context: OperationContext,
  { source, brokerId, brokerName, subject, raised, isOver }: Finding,
  last: Alert | undefined,
  now: string,
): Alert | undefined {
  const endedAt = isOver ? now : null;
  if (!raised || isKnown(raised, last)) return last?.endedAt === null && isOver ? { ...last, endedAt } : undefined;
  const what = cut(visibleText(raised.what));
  const value = raised.value === null ? null : cut(visibleText(raised.value));
  const { saidAt } = raised;
  if (last && isSame(last, now)) {
    // Who has seen it while it stood has not seen that it began again.
    const seen = last.endedAt === null ? {} : { acknowledgedBy: null, acknowledgedAt: null };
    return { ...last, ...seen, what, value, saidAt, lastAt: now, endedAt, count: last.count + raised.count };
  }
  const plantId = plantIdSchema.safeParse(raised.plantId).data;
  return {
    alertId: randomUUID(),
    ruleId: source.ruleId,
    ruleName: source.name,
    kind: source.kind,
    brokerId,
    brokerName,
    plantId: raised.plantId,
    plantName: (plantId && context.vault.plants.get(plantId)?.name) ?? null,
    subject,
    what,
    value,
    raisedAt: now,
    saidAt,
    lastAt: now,
    endedAt,
    count: raised.count,
    acknowledgedBy: null,
    acknowledgedAt: null,
  };
}

const cut = (text: string): string => (text.length <= maxText ? text : `${text.slice(0, maxText - 1)}…`);
