// Refused logins as brokers' logs tell of them. What a log held at the first look is old.
// - Where the log lies on another machine, the broker is asked over the way that its pushes take; one that cannot be read
//   is asked again less and less often, and one whose host refused the login not before that is another one: failures in
//   a row lock accounts. The practice broker is asked while it runs: nothing starts it.
// - What the console itself knocked for counts as nobody's (own-logins.ts).
// - Lines about messages are left out: they would leave no room. Where more came than is kept between two looks all the
//   same, that is raised like a refusal: some may be missing.
// - A log that cannot be read, or that says nothing, is told of: its rules hear nothing.

import type { AlertRule, DeafRule } from '../../shared/model/alert.ts';
import type { ManagedBroker } from '../../shared/model/broker-files.ts';
import type { ErrorCode } from '../../shared/model/errors.ts';
import { newLines, reachesBack } from '../broker/doctor/broker-log.ts';
import { type Refusal, readRefusal } from '../monitor/alerts/refusals.ts';
import type { OperationContext } from '../operations/context.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { type AlertFindings, sourceOf } from './alert-findings.ts';
import { asConsoleError } from './failures.ts';
import type { OwnLogins } from './own-logins.ts';

const everyMs = 5000;
const seldomMs = 5 * 60_000;
/** Refused logins are over when none came for so long. */
const overMs = 5 * 60_000;
/** A line may come so much later than what it tells of. */
const lateMs = 1000;
const loginRefusals: readonly ErrorCode[] = ['remote/authentication-failed', 'remote/wrong-sudo-password'];

type Target = Pick<ManagedBroker, 'eventLog'>;

const maybeMissed: Refusal = {
  subject: 'log',
  what: 'The log no longer reaches back to when it was read last: refused logins may be missing',
  clientId: undefined,
};

export type LogBrokers = {
  /** Another one once the way to the broker has changed. */
  target(broker: BrokerRow, secret?: string): Target;
  practice(): unknown;
  readonly ownLogins: Pick<OwnLogins, 'includes'>;
};

type Log = {
  lines: readonly string[] | undefined;
  problem: string | undefined;
  askAt: number;
  lookedAt: number;
  failures: number;
  /** Its host refused the login. */
  refusedTarget: Target | undefined;
};

export class AlertRefusals {
  readonly #brokers: LogBrokers;
  readonly #logs = new Map<string, Log>();

  constructor(brokers: LogBrokers) {
    this.#brokers = brokers;
  }

  /** The next look is the first one again. */
  forget(): void {
    this.#logs.clear();
  }

  async judge(
    context: OperationContext,
    rules: readonly AlertRule[],
    findings: AlertFindings,
    now: number,
    isCurrent: () => boolean,
  ): Promise<void> {
    const wanted = inForce(rules);
    if (wanted.length === 0) return this.forget();
    const brokers = context.vault.brokers.list().filter((broker) => this.#isHere(broker));
    await Promise.all(
      brokers.map(async (broker) => {
        const { brokerId, name: brokerName } = broker;
        const meant = wanted.filter((rule) => rule.brokerId === null || rule.brokerId === brokerId);
        if (meant.length === 0) return;
        const refusals = await this.#look(context, broker, now);
        if (!isCurrent()) return;
        for (const { subject, what } of refusals) {
          for (const rule of meant) {
            const { ruleId } = rule;
            const event = { type: 'raise', ruleId, subject, plantId: null, what, value: null } as const;
            findings.add(sourceOf(rule), { brokerId, brokerName }, event);
          }
        }
      }),
    );
    if (!isCurrent()) return;
    for (const { ruleId, brokerId, brokerName, subject, lastAt } of findings.open()) {
      const rule = wanted.find((one) => one.ruleId === ruleId);
      if (rule && now - Date.parse(lastAt) > overMs) {
        findings.add(sourceOf(rule), { brokerId, brokerName }, { type: 'end', ruleId, subject });
      }
    }
  }

  /** What rules in force cannot be told, since no log can be read. */
  deafRules({ vault }: OperationContext, rules: readonly AlertRule[]): DeafRule[] {
    const brokers = vault.brokers.list();
    return inForce(rules).flatMap(({ ruleId, brokerId }): DeafRule[] => {
      const meant = brokers.filter((broker) => brokerId === null || broker.brokerId === brokerId);
      if (meant.length === 0) return [{ ruleId, brokerName: '', why: 'no-broker', detail: null }];
      return meant.flatMap((broker): DeafRule[] => {
        const deaf = { ruleId, brokerName: broker.name, detail: null };
        if (!this.#isHere(broker)) return brokerId === null ? [] : [{ ...deaf, why: 'practice-stopped' }];
        const log = this.#logs.get(broker.brokerId);
        if (log?.problem !== undefined) return [{ ...deaf, why: 'log-unreadable', detail: log.problem }];
        return log?.lines?.length === 0 ? [{ ...deaf, why: 'log-empty' }] : [];
      });
    });
  }

  #isHere({ target }: BrokerRow): boolean {
    return target.kind !== 'practice' || this.#brokers.practice() !== undefined;
  }

  /** What is new since the last look; nothing where the log cannot be read. */
  async #look(context: OperationContext, broker: BrokerRow, now: number): Promise<readonly Refusal[]> {
    const { brokerId } = broker;
    const log = this.#logs.get(brokerId) ?? {
      lines: undefined,
      problem: undefined,
      askAt: now,
      lookedAt: now,
      failures: 0,
      refusedTarget: undefined,
    };
    this.#logs.set(brokerId, log);
    if (now < log.askAt) return [];
    log.askAt = now + everyMs;
    let target: Target | undefined;
    try {
      target = this.#brokers.target(broker, context.vault.brokers.targetSecret(brokerId));
      if (target === log.refusedTarget) return [];
      const lines = await target.eventLog();
      const { lines: before, lookedAt } = log;
      Object.assign(log, { lines, problem: undefined, lookedAt: now, failures: 0, refusedTarget: undefined });
      const refusals = before ? newLines(before, lines).flatMap((line) => readRefusal(line) ?? []) : [];
      // The broker's clock may be off: what is new came since the last look.
      const others = refusals.filter(
        ({ clientId }) =>
          !this.#brokers.ownLogins.includes(brokerId, lookedAt - lateMs, Number.POSITIVE_INFINITY, clientId),
      );
      return before && !reachesBack(before, lines) ? [maybeMissed, ...others] : others;
    } catch (error) {
      log.failures += 1;
      const { code, message } = asConsoleError(error);
      log.problem = message;
      log.refusedTarget = loginRefusals.includes(code) ? target : undefined;
      log.askAt = now + Math.min(seldomMs, everyMs * 2 ** Math.min(log.failures, 10));
      return [];
    }
  }
}

const inForce = (rules: readonly AlertRule[]): AlertRule[] =>
  rules.filter(({ condition, isEnabled }) => isEnabled && condition.kind === 'refused');
