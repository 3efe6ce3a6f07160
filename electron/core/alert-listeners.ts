// Who hears for the rules, and what they cannot hear. While the vault is open each broker with rules in force is listened
// to, whatever the operator looks at: all plants, as the console. Topics beyond the plants' are heard with the operator's
// own eyes only, under Live topics, since nobody else knows which of them may be read.
// - Brokers are begun with a few at a time. From then on each is tried again at the pace of broker-link.ts.
// - The practice broker is listened to while it runs; nothing starts it. What the operator stopped stays stopped.

import type { AlertRule, DeafRule } from '../../shared/model/alert.ts';
import type { MonitorConnection } from '../../shared/model/monitor.ts';
import type { AlertEar } from '../monitor/alerts/alert-ear.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { OperationContext } from '../operations/context.ts';
import type { Logger } from '../platform/log.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { covers, hearsAllPlants, isOfPlants, type ListenSettings, rulesAt } from './alert-hearing.ts';
import { asConsoleError } from './failures.ts';
import { settingsOf } from './live-monitors.ts';

const begunAtOnce = 3;
const beginAgainMs = 60_000;

export type HeardMonitor = Pick<Monitor, 'connection' | 'onMessage'>;
type Shown = {
  readonly broker: Post['broker'];
  readonly monitor: HeardMonitor;
  readonly settings: ListenSettings;
};

/** The part of LiveMonitors that is used. */
export type ListeningMonitors = {
  listen(context: OperationContext, broker: BrokerRow): Promise<HeardMonitor>;
  connect(context: OperationContext, broker: BrokerRow): Promise<unknown>;
};

type Options = {
  readonly logger: Logger;
  readonly monitors: ListeningMonitors;
  readonly isPracticeRunning: () => boolean;
  readonly rules: () => readonly AlertRule[];
  readonly earOf: (broker: Post['broker'], rules: readonly AlertRule[]) => AlertEar;
  /** An ear that is given up, with what it has counted. */
  readonly onEarGone: (ear: AlertEar) => void;
};

/** One broker that is listened to for rules. */
export type Post = {
  broker: Pick<BrokerRow, 'brokerId' | 'name' | 'lastPushedAt'>;
  /** Hears all plants; undefined while it could not be begun. */
  plants: HeardMonitor | undefined;
  problem: string | undefined;
  begunAt: number;
  ears: { readonly source: HeardMonitor; readonly ear: AlertEar; readonly unhear: () => void }[];
  /** Since when all plants are heard without a break, in milliseconds. */
  connectedSince: number | undefined;
  /** Since when the broker is away although nobody stopped it. */
  awaySince: number | undefined;
  wasConnected: boolean;
};

export class AlertListeners {
  readonly #options: Options;
  readonly #posts = new Map<string, Post>();
  /** What the operator listens to, by broker. */
  readonly #shown = new Map<string, Shown>();
  #unlocked = {};

  constructor(options: Options) {
    this.#options = options;
  }

  posts(): readonly Post[] {
    return [...this.#posts.values()];
  }

  /** The operator listens to a broker from now on, in the place of what was listened to before; called before it hears anything. */
  show(broker: Post['broker'], monitor: HeardMonitor, settings: ListenSettings): void {
    const { brokerId } = broker;
    const before = this.#shown.get(brokerId)?.monitor;
    this.#shown.set(brokerId, { broker, monitor, settings });
    const post = this.#posts.get(brokerId);
    if (post && before && post.plants === before && !hearsAllPlants(settings)) this.#hearPlantsBy(post, undefined);
    this.#hearByShown(brokerId);
  }

  /** Rules were changed: what was heard by others is not known to these. */
  renew(): void {
    for (const post of this.#posts.values()) {
      post.connectedSince = undefined;
      this.#attach(post);
    }
    for (const brokerId of this.#shown.keys()) if (!this.#posts.has(brokerId)) this.#hearByShown(brokerId);
  }

  /** The vault was locked. */
  rest(): void {
    this.#unlocked = {};
    for (const post of this.#posts.values()) this.#detach(post);
    this.#posts.clear();
    this.#shown.clear();
  }

  /** Listens wherever rules want it, and nowhere else. */
  async look(context: OperationContext, now: number): Promise<void> {
    const { isPracticeRunning, rules } = this.#options;
    const brokers = context.vault.brokers.list();
    const wanted = brokers.filter(
      ({ brokerId, target }) =>
        rulesAt(rules(), brokerId).length > 0 && (target.kind !== 'practice' || isPracticeRunning()),
    );
    const brokerIds = new Set<string>(brokers.map(({ brokerId }) => brokerId));
    for (const brokerId of this.#shown.keys()) if (!brokerIds.has(brokerId)) this.#shown.delete(brokerId);
    const wantedIds = new Set(wanted.map(({ brokerId }) => brokerId));
    for (const [brokerId, post] of this.#posts) {
      if (wantedIds.has(brokerId)) continue;
      this.#detach(post);
      this.#posts.delete(brokerId);
    }
    let begun = 0;
    const unlocked = this.#unlocked;
    for (const broker of wanted) {
      if (!this.#posts.has(broker.brokerId)) this.#hearByShown(broker.brokerId);
      const post = this.#posts.get(broker.brokerId) ?? this.#newPost(broker);
      post.broker = broker;
      if (begun < begunAtOnce && this.#mustBegin(post, now)) {
        begun += 1;
        post.begunAt = now;
        await this.#begin(context, broker, post, unlocked);
        if (unlocked !== this.#unlocked) return;
      }
      noteConnection(post, now);
    }
  }

  /** What rules in force cannot hear. */
  deafRules({ vault }: OperationContext): DeafRule[] {
    const brokers = vault.brokers.list();
    return this.#options
      .rules()
      .filter(({ isEnabled, condition }) => isEnabled && condition.kind !== 'refused')
      .flatMap((rule) => {
        const meant = brokers.filter(({ brokerId }) => rule.brokerId === null || rule.brokerId === brokerId);
        if (meant.length === 0)
          return [{ ruleId: rule.ruleId, brokerName: '', why: 'no-broker' as const, detail: null }];
        return meant.flatMap((broker) => this.#deafAt(rule, broker) ?? []);
      });
  }

  #deafAt(rule: AlertRule, { brokerId, name: brokerName, target }: BrokerRow): DeafRule | undefined {
    const deaf = (why: DeafRule['why'], detail: string | null = null) => ({
      ruleId: rule.ruleId,
      brokerName,
      why,
      detail,
    });
    if (target.kind === 'practice' && !this.#options.isPracticeRunning())
      return rule.brokerId === null ? undefined : deaf('practice-stopped');
    const post = this.#posts.get(brokerId);
    const shown = this.#shown.get(brokerId);
    if (rule.condition.kind === 'value' && !isOfPlants(rule)) {
      if (!shown || !covers(shown.settings, rule.condition.filter)) return deaf('outside', rule.condition.filter);
      return (
        deafTo(shown.monitor.connection(), deaf) ??
        (shown.settings.identity.kind === 'console' ? undefined : deaf('as-plant'))
      );
    }
    if (post?.problem !== undefined) return deaf('unusable', post.problem);
    return deafTo(post?.plants?.connection(), deaf);
  }

  /** Not what the operator stopped. */
  #mustBegin(post: Post, now: number): boolean {
    const isShown = post.plants !== undefined && post.plants === this.#shown.get(post.broker.brokerId)?.monitor;
    // A hidden listener that has stopped was replaced by another one.
    const isHeard = isShown || (post.plants !== undefined && post.plants.connection().state !== 'stopped');
    return !isHeard && now - post.begunAt >= beginAgainMs;
  }

  async #begin(context: OperationContext, broker: BrokerRow, post: Post, unlocked: object): Promise<void> {
    const { monitors, logger, rules } = this.#options;
    const { brokerId } = broker;
    try {
      const plants = await monitors.listen(context, broker);
      if (unlocked !== this.#unlocked) return;
      if (this.#hearPlantsBy(post, plants)) this.#attach(post);
      // What it was told to listen to the last time may be what the other rules need.
      const settings = settingsOf(context, brokerId);
      const others = rulesAt(rules(), brokerId).filter((rule) => !isOfPlants(rule));
      const helps = others.some(({ condition }) => condition.kind === 'value' && covers(settings, condition.filter));
      if (helps && !this.#shown.has(brokerId)) await monitors.connect(context, broker);
      post.problem = undefined;
    } catch (error) {
      logger.warn('a broker cannot be listened to for alerts', { brokerId, error });
      post.problem = asConsoleError(error).message;
    }
  }

  #newPost(broker: Post['broker']): Post {
    const post: Post = {
      broker,
      plants: undefined,
      problem: undefined,
      begunAt: Number.NEGATIVE_INFINITY,
      ears: [],
      connectedSince: undefined,
      awaySince: undefined,
      wasConnected: false,
    };
    this.#posts.set(broker.brokerId, post);
    return post;
  }

  /** At once, where the operator listens already: what comes until the next look counts. */
  #hearByShown(brokerId: string): void {
    const shown = this.#shown.get(brokerId);
    if (!shown || rulesAt(this.#options.rules(), brokerId).length === 0) return;
    const post = this.#posts.get(brokerId) ?? this.#newPost(shown.broker);
    if (hearsAllPlants(shown.settings)) this.#hearPlantsBy(post, shown.monitor);
    this.#attach(post);
  }

  /** Whether that is somebody else than before. */
  #hearPlantsBy(post: Post, plants: HeardMonitor | undefined): boolean {
    if (post.plants === plants) return false;
    post.plants = plants;
    post.problem = undefined;
    post.connectedSince = undefined;
    if (plants === undefined) post.begunAt = Number.NEGATIVE_INFINITY;
    return true;
  }

  /** Gives each rule to one of those who listen, so that nothing is heard twice. */
  #attach(post: Post): void {
    this.#detach(post);
    const shown = this.#shown.get(post.broker.brokerId)?.monitor;
    const rules = rulesAt(this.#options.rules(), post.broker.brokerId);
    const ofPlants = rules.filter(isOfPlants);
    const others = rules.filter((rule) => !isOfPlants(rule));
    if (post.plants && (shown === undefined || shown === post.plants)) this.#hear(post, post.plants, rules);
    else {
      if (post.plants) this.#hear(post, post.plants, ofPlants);
      if (shown) this.#hear(post, shown, others);
    }
  }

  #hear(post: Post, source: HeardMonitor, rules: readonly AlertRule[]): void {
    const ear = this.#options.earOf(post.broker, rules);
    const unhear = ear.isIdle ? () => {} : source.onMessage((message) => ear.hear(message));
    post.ears.push({ source, ear, unhear });
  }

  #detach(post: Post): void {
    for (const { ear, unhear } of post.ears.splice(0)) {
      unhear();
      this.#options.onEarGone(ear);
    }
  }
}

function deafTo(
  connection: MonitorConnection | undefined,
  deaf: (why: DeafRule['why'], detail: string | null) => DeafRule,
): DeafRule | undefined {
  switch (connection?.state) {
    case 'connected':
      return undefined;
    case 'stopped':
      return deaf('stopped', null);
    default:
      return deaf('disconnected', connection?.reason ?? null);
  }
}

function noteConnection(post: Post, now: number): void {
  const state = post.plants?.connection().state;
  const isConnected = state === 'connected';
  post.connectedSince = isConnected ? (post.connectedSince ?? now) : undefined;
  post.awaySince = isConnected || state === 'stopped' ? undefined : (post.awaySince ?? now);
  post.wasConnected ||= isConnected;
}
