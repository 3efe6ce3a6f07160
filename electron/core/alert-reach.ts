// Brokers that rules listen to and that are away: then one alert tells of the broker, and none of the thousand plants
// that cannot be heard meanwhile. A broker that nobody has brought into service yet is meant to be away.

import type { AlertSource } from '../operations/alert-log.ts';
import type { AlertFindings } from './alert-findings.ts';
import type { Post } from './alert-listeners.ts';

/** A restart, or a cable that is put into another socket, is nothing to be told of. */
const patienceMs = 30_000;

export const unreachable: AlertSource = { ruleId: 'unreachable', name: 'Broker not reachable', kind: 'unreachable' };

export function judgeReach(posts: readonly Post[], findings: AlertFindings, now: number): void {
  const { ruleId } = unreachable;
  const wanted = new Set<string>();
  for (const { broker, plants, problem, awaySince, connectedSince, wasConnected } of posts) {
    const { brokerId, name: brokerName, lastPushedAt } = broker;
    const place = { brokerId, brokerName };
    wanted.add(brokerId);
    const isOpen = findings.isOpen(ruleId, brokerId, brokerId);
    const isInService = lastPushedAt !== null || wasConnected;
    if (isOpen && connectedSince !== undefined)
      findings.add(unreachable, place, { type: 'end', ruleId, subject: brokerId });
    if (!isOpen && isInService && awaySince !== undefined && now - awaySince >= patienceMs) {
      const reason = problem ?? plants?.connection().reason ?? null;
      const what = `${brokerName} cannot be reached, so rules rest there`;
      findings.add(unreachable, place, {
        type: 'raise',
        ruleId,
        subject: brokerId,
        plantId: null,
        what,
        value: reason,
      });
    }
  }
  for (const { kind, brokerId, brokerName, subject } of findings.open()) {
    if (kind === 'unreachable' && !wanted.has(brokerId ?? ''))
      findings.add(unreachable, { brokerId, brokerName }, { type: 'end', ruleId, subject });
  }
}
