// Alerts: what the monitors hear, judged by the operator's rules while the vault is open. Messages are judged as they
// come (monitor/alerts/); once a second silence, brokers and logs are looked at, and what was found is written down.
// When the vault is locked the monitors end, and the alerts rest as they stand.

import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Alert, AlertOverview, AlertRule, DeafRule } from '../../shared/model/alert.ts';
import type { HostNotice } from '../../shared/model/host-notice.ts';
import type { MonitorSettings } from '../../shared/model/monitor-settings.ts';
import { AlertEar } from '../monitor/alerts/alert-ear.ts';
import { valueKey } from '../monitor/alerts/value-watch.ts';
import type { IncomingMessage } from '../monitor/topic-store.ts';
import { type Finding, noteFindings } from '../operations/alert-log.ts';
import { alertNotice } from '../operations/alert-notice.ts';
import type { OperationContext } from '../operations/context.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { endOfSlice, inSlices } from '../platform/slices.ts';
import { AlertFindings, sourceOf } from './alert-findings.ts';
import { AlertListeners, type HeardMonitor, type ListeningMonitors, type Post } from './alert-listeners.ts';
import { judgeReach, unreachable } from './alert-reach.ts';
import { AlertRefusals, type LogBrokers } from './alert-refusals.ts';
import { AlertSilences } from './alert-silences.ts';

const everyMs = 1000;
const noticeEveryMs = 10_000;
const shownAlerts = 400;
const writtenAtOnce = 50;
/** A log behind a slow line holds nothing else up. */
const waitForLogsMs = 100;
const namedPlants = 5;

type Options = {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Undefined while the vault is locked. */
  readonly context: () => OperationContext | undefined;
  readonly brokers: LogBrokers;
  readonly monitors: ListeningMonitors;
  /** Whether an alarm is certainly not the plant's: signed by somebody else, or recorded and sent again. */
  readonly isForged: (brokerId: string, message: IncomingMessage) => boolean;
  /** Whether the register has it. Asked at broker speed. */
  readonly isPlant: (plantId: string) => boolean;
  readonly isOwn: (brokerId: string, message: IncomingMessage) => boolean;
  readonly notify: (notice: HostNotice) => void;
};

export class Alerts {
  readonly #options: Options;
  readonly #timer: NodeJS.Timeout;
  readonly #listeners: AlertListeners;
  readonly #findings: AlertFindings;
  readonly #refusals: AlertRefusals;
  readonly #silences = new AlertSilences();
  #rules: readonly AlertRule[] | undefined;
  #noticeAt = Number.NEGATIVE_INFINITY;
  #notYetShown: Alert[] = [];
  #deaf: readonly DeafRule[] = [];
  #skipped = 0;
  #unbelieved = 0;
  readonly #unbelievedPlants = new Set<string>();
  #looking: Promise<void> | undefined;
  #readingLogs: Promise<void> | undefined;
  /** Another one for each time that the vault is open, and for each set of rules. */
  #period = {};

  constructor(options: Options) {
    const { brokers, logger, monitors } = options;
    this.#options = options;
    this.#findings = new AlertFindings(options.isPlant);
    this.#refusals = new AlertRefusals(brokers);
    this.#listeners = new AlertListeners({
      logger,
      monitors,
      isPracticeRunning: () => brokers.practice() !== undefined,
      rules: () => this.#load(),
      earOf: (broker, rules) => this.#earOf(broker, rules),
      onEarGone: (ear) => this.#takeCounts(ear),
    });
    this.#timer = setInterval(() => void this.look(), everyMs);
    this.#timer.unref();
  }

  /** The operator listens to a broker from now on, in the place of what listened to it before. */
  listen(broker: Post['broker'], monitor: HeardMonitor, settings: MonitorSettings): void {
    this.#listeners.show(broker, monitor, settings);
  }

  /** Rules were added, changed or deleted. What others than the present ones raised ends with the next look. */
  renew(): void {
    this.#period = {};
    const before = new Map(this.#rules?.map((rule) => [rule.ruleId, rule]));
    this.#rules = undefined;
    const after = new Map(this.#load().map((rule) => [rule.ruleId, rule]));
    const isChanged = (ruleId: string) => !isDeepStrictEqual(before.get(ruleId), after.get(ruleId));
    this.#findings.keepOnly((ruleId) => !isChanged(ruleId));
    this.#end(({ ruleId }) => isChanged(ruleId));
    this.#listeners.renew();
  }

  /** The vault was locked: nothing is judged until it is open again. */
  rest(): void {
    this.#period = {};
    this.#listeners.rest();
    this.#findings.reset();
    this.#refusals.forget();
    this.#silences.forget();
    this.#rules = undefined;
    this.#notYetShown = [];
    this.#deaf = [];
  }

  /** Judges what only time tells, and writes down what was found. One at a time. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => this.#options.logger.error('alerts could not be looked at', { error }))
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  overview(context: OperationContext): AlertOverview {
    const { alerts, alertRules } = context.vault;
    const posts = this.#listeners.posts();
    const ears = posts.flatMap((post) => post.ears.map(({ ear }) => ear));
    const unbelieved = new Set([...this.#unbelievedPlants, ...ears.flatMap((ear) => [...ear.unbelievedPlants])]);
    return {
      rules: alertRules.list(),
      alerts: alerts.list(shownAlerts),
      ...alerts.counts(),
      listening: posts.map(({ broker: { brokerId, name }, plants }) => ({
        brokerId,
        brokerName: name,
        connection: plants?.connection() ?? { state: 'stopped', reason: null },
      })),
      deaf: this.#deafRules(context),
      skipped: this.#skipped + ears.reduce((sum, { skipped }) => sum + skipped, 0),
      notKept: this.#findings.notKept,
      unbelieved: this.#unbelieved + ears.reduce((sum, ear) => sum + ear.unbelieved, 0),
      unbelievedPlants: [...unbelieved].slice(0, namedPlants),
    };
  }

  close(): void {
    clearInterval(this.#timer);
    this.rest();
  }

  async #look(): Promise<void> {
    const context = this.#options.context();
    if (!context) return;
    const period = this.#period;
    const isCurrent = () => period === this.#period;
    const now = this.#options.clock.now().getTime();
    const rules = this.#load();
    await this.#listeners.look(context, now);
    if (!isCurrent()) return;
    const posts = this.#listeners.posts();
    for (const { ear } of posts.flatMap(({ ears }) => ears)) await inSlices(ear.catchUp());
    if (!isCurrent()) return;
    judgeReach(posts, this.#findings, now);
    this.#endAtDeleted(context);
    await this.#silences.judge(context, rules, posts, this.#findings, now, isCurrent);
    if (!isCurrent()) return;
    this.#readingLogs ??= this.#refusals
      .judge(context, rules, this.#findings, now, isCurrent)
      .catch((error: unknown) => this.#options.logger.error('logs could not be looked at for alerts', { error }))
      .finally(() => {
        this.#readingLogs = undefined;
      });
    await Promise.race([this.#readingLogs, sleep(waitForLogsMs)]);
    if (!isCurrent()) return;
    await this.#write(context, isCurrent);
    if (!isCurrent()) return;
    this.#show(now);
    this.#tellDeaf(context);
  }

  /** The rules, and with them what stands open, read from the vault once. */
  #load(): readonly AlertRule[] {
    if (this.#rules) return this.#rules;
    const vault = this.#options.context()?.vault;
    if (!vault) return [];
    this.#rules = vault.alertRules.list();
    this.#findings.load(vault.alerts.open());
    const known = new Set([unreachable.ruleId, ...this.#rules.map(({ ruleId }) => ruleId)]);
    // Nobody else would ever end them.
    this.#end(({ ruleId }) => !known.has(ruleId));
    return this.#rules;
  }

  #end(isMeant: (alert: Alert) => boolean): void {
    for (const alert of this.#findings.open().filter(isMeant)) {
      const { ruleId, ruleName: name, kind, brokerId, brokerName, subject } = alert;
      this.#findings.add({ ruleId, name, kind }, { brokerId, brokerName }, { type: 'end', ruleId, subject });
    }
  }

  /** Nobody will ever hear that what stands at a broker which was deleted is over. */
  #endAtDeleted({ vault }: OperationContext): void {
    const brokerIds = new Set<string>(vault.brokers.list().map(({ brokerId }) => brokerId));
    this.#end(({ brokerId }) => brokerId !== null && !brokerIds.has(brokerId));
  }

  #earOf({ brokerId, name: brokerName }: Post['broker'], rules: readonly AlertRule[]): AlertEar {
    const sources = new Map(rules.map((rule) => [rule.ruleId, sourceOf(rule)]));
    const standing = this.#findings.standing(brokerId);
    const period = this.#period;
    return new AlertEar({
      rules,
      standing: standing.map(({ ruleId, subject }) => valueKey(ruleId, subject)),
      emit: (event) => {
        const source = sources.get(event.ruleId);
        // What an ear still reads when its time is over is not told.
        if (source && period === this.#period) this.#findings.add(source, { brokerId, brokerName }, event);
      },
      isPlant: this.#options.isPlant,
      isOwn: (message) => this.#options.isOwn(brokerId, message),
      isForged: (message) => this.#options.isForged(brokerId, message),
    });
  }

  #takeCounts({ skipped, unbelieved, unbelievedPlants }: AlertEar): void {
    this.#skipped += skipped;
    this.#unbelieved += unbelieved;
    for (const plantId of unbelievedPlants) {
      if (this.#unbelievedPlants.size < namedPlants) this.#unbelievedPlants.add(plantId);
    }
  }

  async #write(context: OperationContext, isCurrent: () => boolean): Promise<void> {
    const pause = endOfSlice();
    let hasWritten = false;
    for (;;) {
      const findings = this.#findings.take(writtenAtOnce);
      if (findings.length === 0) break;
      hasWritten = this.#note(context, findings) || hasWritten;
      await pause();
      if (!isCurrent()) break;
    }
    if (hasWritten) context.changed('alerts');
  }

  /** Whether anything was written down. What cannot be, on a full disk say, is tried again at the next look. */
  #note(context: OperationContext, findings: readonly Finding[]): boolean {
    try {
      const { written, raised } = noteFindings(context, findings);
      this.#findings.note(written);
      this.#notYetShown.push(...raised);
      return written.length > 0;
    } catch (error) {
      this.#findings.giveBack(findings);
      throw error;
    }
  }

  #show(now: number): void {
    if (this.#notYetShown.length === 0 || now - this.#noticeAt < noticeEveryMs) return;
    this.#noticeAt = now;
    this.#options.notify(alertNotice(this.#notYetShown));
    this.#notYetShown = [];
  }

  /** Windows say which rules hear nothing. */
  #tellDeaf(context: OperationContext): void {
    const deaf = this.#deafRules(context);
    if (isDeepStrictEqual(deaf, this.#deaf)) return;
    this.#deaf = deaf;
    context.changed('alerts');
  }

  #deafRules(context: OperationContext): DeafRule[] {
    return [...this.#listeners.deafRules(context), ...this.#refusals.deafRules(context, this.#load())];
  }
}
