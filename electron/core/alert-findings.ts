// What the rules found out since it was written down last, the same thing once, and what stands open. Found at the speed
// of messages, written at the speed of a clock; what there is no room for is counted.

import type { Alert, AlertRule } from '../../shared/model/alert.ts';
import type { AlertEvent } from '../monitor/alerts/alert-event.ts';
import type { Finding } from '../operations/alerts.ts';

const maxWaiting = 500;

export type Place = { readonly brokerId: string | null; readonly brokerName: string };

export class AlertFindings {
  #waiting = new Map<string, Finding>();
  /** By key: the alerts without an end. */
  readonly #open = new Map<string, Alert>();
  #notKept = 0;

  get notKept(): number {
    return this.#notKept;
  }

  /** What the vault has open; what is waiting stays. */
  load(open: readonly Alert[]): void {
    this.#open.clear();
    for (const alert of open) this.#open.set(keyOf(alert.ruleId, alert.brokerId, alert.subject), alert);
  }

  open(): readonly Alert[] {
    return [...this.#open.values()];
  }

  /** Whether it stands, or will once it is written down. */
  isOpen(ruleId: string, brokerId: string | null, subject: string): boolean {
    const key = keyOf(ruleId, brokerId, subject);
    const waiting = this.#waiting.get(key);
    return waiting ? !waiting.isOver : this.#open.has(key);
  }

  add(rule: AlertRule, { brokerId, brokerName }: Place, event: AlertEvent): void {
    const key = keyOf(rule.ruleId, brokerId, event.subject);
    const before = this.#waiting.get(key);
    if (event.type === 'end') {
      if (before || this.#open.has(key)) {
        this.#put(key, { rule, brokerId, brokerName, subject: event.subject, raised: before?.raised, isOver: true });
      }
      return;
    }
    const { subject, plantId, what, value } = event;
    const raised = { count: (before?.raised?.count ?? 0) + 1, plantId, what, value };
    this.#put(key, { rule, brokerId, brokerName, subject, raised, isOver: false });
  }

  /** Hands over what is waiting. */
  take(): Finding[] {
    const findings = [...this.#waiting.values()];
    this.#waiting = new Map();
    return findings;
  }

  countNotKept(count: number): void {
    this.#notKept += count;
  }

  /** The vault was locked: what is waiting is lost, and counted. */
  reset(): void {
    this.#notKept += this.#waiting.size;
    this.#waiting.clear();
    this.#open.clear();
  }

  #put(key: string, finding: Finding): void {
    if (this.#waiting.size >= maxWaiting && !this.#waiting.has(key)) this.#notKept += 1;
    else this.#waiting.set(key, finding);
  }
}

const keyOf = (ruleId: string, brokerId: string | null, subject: string): string =>
  `${ruleId} ${brokerId ?? '-'} ${subject}`;
