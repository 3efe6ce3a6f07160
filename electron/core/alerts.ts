// Alerts: what the monitors hear, judged by the operator's rules while the vault is open. Messages are judged as they
// come (monitor/alerts/); once a second silence and logs are looked at, and what was found is written down.
// When the vault is locked the monitors end, and the alerts rest as they stand.

import type { Alert, AlertOverview, AlertRule } from '../../shared/model/alert.ts';
import type { ManagedBroker } from '../../shared/model/broker-files.ts';
import type { HostNotice } from '../../shared/model/host-notice.ts';
import type { MonitorMessage } from '../../shared/model/monitor.ts';
import type { MonitorSettings } from '../../shared/model/monitor-settings.ts';
import { allPlantsFilter } from '../../shared/model/topics.ts';
import { AlertEar } from '../monitor/alerts/alert-ear.ts';
import { judgeSilence, type WatchedPlant } from '../monitor/alerts/silence-watch.ts';
import { valueKey } from '../monitor/alerts/value-watch.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { IncomingMessage } from '../monitor/topic-store.ts';
import { alertNotice, noteFindings } from '../operations/alerts.ts';
import type { OperationContext } from '../operations/context.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { inSlices } from '../platform/slices.ts';
import { filterCoversFilter } from '../policy/filters.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { AlertFindings } from './alert-findings.ts';
import { AlertRefusals } from './alert-refusals.ts';

const everyMs = 1000;
const logEveryMs = 5000;
const plantsEveryMs = 10_000;
/** Refused logins are over when none came for so long. */
const refusalsEndMs = 5 * 60 * 1000;
const noticeEveryMs = 10_000;
const shownAlerts = 400;

type Options = {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Undefined while the vault is locked. */
  readonly context: () => OperationContext | undefined;
  readonly brokers: { known(brokerId: string): Pick<ManagedBroker, 'log'> | undefined };
  readonly checkSignature: (topic: string, payload: Uint8Array) => MonitorMessage['signature'];
  readonly isOwn: (brokerId: string, message: IncomingMessage) => boolean;
  readonly notify: (notice: HostNotice) => void;
};

type HeardMonitor = Pick<Monitor, 'connection' | 'onMessage'>;

type Listening = {
  readonly brokerId: string;
  readonly brokerName: string;
  readonly monitor: HeardMonitor;
  /** Whether every plant's word is heard. */
  readonly hearsAllPlants: boolean;
  ear: AlertEar;
  unhear: () => void;
  connectedSince: number | undefined;
};

export class Alerts {
  readonly #options: Options;
  readonly #timer: NodeJS.Timeout;
  readonly #listening = new Map<string, Listening>();
  readonly #findings = new AlertFindings();
  readonly #refusals: AlertRefusals;
  #rules: readonly AlertRule[] | undefined;
  #plants: readonly WatchedPlant[] = [];
  #plantsReadAt = Number.NEGATIVE_INFINITY;
  #logsReadAt = Number.NEGATIVE_INFINITY;
  #noticeAt = Number.NEGATIVE_INFINITY;
  #notYetShown: Alert[] = [];
  #skipped = 0;
  #unbelieved = 0;
  #looking: Promise<void> | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#refusals = new AlertRefusals(options.brokers);
    this.#timer = setInterval(() => void this.look(), everyMs);
    this.#timer.unref();
  }

  /** A broker is listened to from now on, in the place of what listened to it before. */
  listen(
    { brokerId, name }: Pick<BrokerRow, 'brokerId' | 'name'>,
    monitor: HeardMonitor,
    settings: Pick<MonitorSettings, 'identity' | 'filters'>,
  ): void {
    const before = this.#listening.get(brokerId);
    if (before) this.#leave(before);
    const { identity, filters } = settings;
    const listening: Listening = {
      brokerId,
      brokerName: name,
      monitor,
      hearsAllPlants:
        identity.kind === 'console' && filters.some((filter) => filterCoversFilter(filter, allPlantsFilter)),
      ear: this.#earFor(brokerId, name),
      unhear: () => {},
      connectedSince: undefined,
    };
    this.#listening.set(brokerId, listening);
    this.#attach(listening);
  }

  /** Rules were added, changed or deleted. */
  renew(): void {
    this.#write();
    this.#rules = undefined;
    this.#load();
    for (const listening of this.#listening.values()) {
      this.#detach(listening);
      listening.ear = this.#earFor(listening.brokerId, listening.brokerName);
      // What was heard by other rules is not known to these: their silence begins now.
      listening.connectedSince = undefined;
      this.#attach(listening);
    }
  }

  /** The vault was locked: nothing is judged until it is open again. */
  rest(): void {
    for (const listening of this.#listening.values()) this.#leave(listening);
    this.#listening.clear();
    this.#findings.reset();
    this.#refusals.forget();
    this.#rules = undefined;
    this.#plantsReadAt = Number.NEGATIVE_INFINITY;
    this.#notYetShown = [];
  }

  /** Judges silence and logs, and writes down what was found. One at a time. */
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
    const ears = [...this.#listening.values()].map(({ ear }) => ear);
    return {
      rules: alertRules.list(),
      alerts: alerts.list(shownAlerts),
      ...alerts.counts(),
      listening: [...this.#listening.values()].map(({ brokerId, brokerName, monitor }) => {
        return { brokerId, brokerName, isConnected: monitor.connection().state === 'connected' };
      }),
      skipped: this.#skipped + ears.reduce((sum, { skipped }) => sum + skipped, 0),
      notKept: this.#findings.notKept,
      unbelieved: this.#unbelieved + ears.reduce((sum, { unbelieved }) => sum + unbelieved, 0),
    };
  }

  close(): void {
    clearInterval(this.#timer);
    this.rest();
  }

  async #look(): Promise<void> {
    const context = this.#options.context();
    if (!context) return;
    const now = this.#options.clock.now().getTime();
    for (const listening of [...this.#listening.values()]) {
      const isConnected = listening.monitor.connection().state === 'connected';
      const since = isConnected ? (listening.connectedSince ?? now) : undefined;
      // Windows say where the rules rest.
      if ((since === undefined) !== (listening.connectedSince === undefined)) context.changed('alerts');
      listening.connectedSince = since;
      await inSlices(listening.ear.catchUp());
    }
    this.#judgeSilences(context, now);
    if (now - this.#logsReadAt >= logEveryMs) {
      this.#logsReadAt = now;
      await this.#judgeLogs(now);
    }
    this.#write();
    this.#show(now);
  }

  #judgeSilences(context: OperationContext, now: number): void {
    const rules = this.#load().filter(({ condition, isEnabled }) => isEnabled && condition.kind === 'silent');
    if (rules.length === 0) return;
    if (now - this.#plantsReadAt >= plantsEveryMs) {
      this.#plants = context.vault.plants.list({ status: 'ACTIVE' }).items;
      this.#plantsReadAt = now;
    }
    const plantIds = new Set(this.#plants.map(({ plantId }) => plantId as string));
    for (const rule of rules) {
      const { ruleId, brokerId, condition } = rule;
      if (condition.kind !== 'silent') continue;
      const place = { brokerId, brokerName: this.#listening.get(brokerId ?? '')?.brokerName ?? '' };
      const meant = [...this.#listening.values()].filter((one) => brokerId === null || one.brokerId === brokerId);
      const judged = judgeSilence(
        {
          ruleId,
          condition,
          listeningSince: (plantId) => listeningSince(meant, plantId),
          heardAt: (plantId) => latest(meant.map(({ ear }) => ear.heardAt(plantId))),
        },
        this.#plants,
        (plantId) => this.#findings.isOpen(ruleId, brokerId, plantId),
        now,
      );
      for (const event of judged) this.#findings.add(rule, place, event);
      // A plant that was revoked or deleted is meant to be silent.
      for (const { ruleId: id, subject } of this.#findings.open()) {
        if (id === ruleId && !plantIds.has(subject)) this.#findings.add(rule, place, { type: 'end', ruleId, subject });
      }
    }
  }

  async #judgeLogs(now: number): Promise<void> {
    const rules = this.#load().filter(({ condition, isEnabled }) => isEnabled && condition.kind === 'refused');
    if (rules.length === 0) return;
    for (const { brokerId, brokerName } of [...this.#listening.values()]) {
      const meant = rules.filter((rule) => isMeant(rule, brokerId));
      if (meant.length === 0) continue;
      for (const { subject, what } of await this.#refusals.look(brokerId)) {
        for (const rule of meant) {
          const { ruleId } = rule;
          const event = { type: 'raise', ruleId, subject, plantId: null, what, value: null } as const;
          this.#findings.add(rule, { brokerId, brokerName }, event);
        }
      }
    }
    for (const { ruleId, brokerId, brokerName, subject, lastAt } of this.#findings.open()) {
      const rule = rules.find((one) => one.ruleId === ruleId);
      if (rule && now - Date.parse(lastAt) > refusalsEndMs) {
        this.#findings.add(rule, { brokerId, brokerName }, { type: 'end', ruleId, subject });
      }
    }
  }

  /** The rules, and with them what stands open, read from the vault once. */
  #load(): readonly AlertRule[] {
    if (this.#rules) return this.#rules;
    const vault = this.#options.context()?.vault;
    if (!vault) return [];
    this.#rules = vault.alertRules.list();
    this.#findings.load(vault.alerts.open());
    return this.#rules;
  }

  #earFor(brokerId: string, brokerName: string): AlertEar {
    const rules = this.#load().filter((rule) => rule.isEnabled && isMeant(rule, brokerId));
    const byId = new Map(rules.map((rule) => [rule.ruleId, rule]));
    const standing = this.#findings.open().filter((alert) => alert.kind === 'value' && alert.brokerId === brokerId);
    return new AlertEar({
      rules,
      standing: standing.map(({ ruleId, subject }) => valueKey(ruleId, subject)),
      emit: (event) => {
        const rule = byId.get(event.ruleId);
        if (rule) this.#findings.add(rule, { brokerId, brokerName }, event);
      },
      isOwn: (message) => this.#options.isOwn(brokerId, message),
      isForged: (topic, payload) => this.#options.checkSignature(topic, payload) === 'invalid',
    });
  }

  #attach(listening: Listening): void {
    const { ear, monitor } = listening;
    if (!ear.isIdle) listening.unhear = monitor.onMessage((message) => ear.hear(message));
  }

  #detach({ ear, unhear }: Listening): void {
    unhear();
    this.#skipped += ear.skipped;
    this.#unbelieved += ear.unbelieved;
  }

  #leave(listening: Listening): void {
    this.#detach(listening);
    listening.unhear = () => {};
  }

  #write(): void {
    const context = this.#options.context();
    const findings = context ? this.#findings.take() : [];
    if (!context || findings.length === 0) return;
    const { raised, notKept } = noteFindings(context, findings);
    this.#findings.countNotKept(notKept);
    this.#findings.load(context.vault.alerts.open());
    this.#notYetShown.push(...raised);
    context.changed('alerts');
  }

  #show(now: number): void {
    if (this.#notYetShown.length === 0 || now - this.#noticeAt < noticeEveryMs) return;
    this.#noticeAt = now;
    this.#options.notify(alertNotice(this.#notYetShown));
    this.#notYetShown = [];
  }
}

const isMeant = (rule: AlertRule, brokerId: string): boolean => rule.brokerId === null || rule.brokerId === brokerId;

/** A plant counts where it was heard; one that was never heard counts at all brokers. Undefined when one cannot hear it. */
function listeningSince(meant: readonly Listening[], plantId: string): number | undefined {
  const able = meant.filter(({ hearsAllPlants }) => hearsAllPlants);
  const heardAt = able.filter(({ ear }) => ear.heardAt(plantId) !== undefined);
  const relevant = heardAt.length > 0 ? heardAt : able;
  const since = relevant.map(({ connectedSince }) => connectedSince);
  return since.includes(undefined) ? undefined : latest(since);
}

const latest = (moments: readonly (number | undefined)[]): number | undefined => {
  const known = moments.filter((moment) => moment !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
};
