// All plants of the register with what every broker tells of them, for the windows that show them.
// - Nothing is asked while no window looks. Brokers and register are asked now and then, however many windows look.
// - A window is told what changed, in frames that have a bound; a register of thousands comes in a few of them.

import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { type FleetBroker, type FleetFrame, type FleetPlant, maxFramePlants } from '../../shared/model/fleet.ts';
import type { Plant, PlantId } from '../../shared/model/plant.ts';
import { refusedLogins } from '../broker/refused-logins.ts';
import type { OperationContext } from '../operations/context.ts';
import { isOwnSession } from '../operations/own-sessions.ts';
import { listPlants } from '../operations/plants.ts';
import type { Logger } from '../platform/log.ts';
import { fleetPlant } from './fleet-state.ts';
import type { LiveBrokers } from './live-brokers.ts';
import type { LiveMonitors } from './live-monitors.ts';

const frameMs = 1000;
const askBrokersMs = 10_000;
/** The register is told to have changed whenever a plant is heard; asking for all of it each time would be too much. */
const askRegisterMs = 3000;
const pageSize = 500;

/** What one broker says of who is there; undefined: it cannot tell. */
type BrokerWords = {
  readonly sessions: ReadonlySet<string> | undefined;
  readonly refused: ReadonlyMap<string, number>;
};

type Options = { readonly monitors: LiveMonitors; readonly brokers: LiveBrokers; readonly logger: Logger };

export class FleetView {
  readonly #options: Options;
  #register: readonly Plant[] = [];
  #isRegisterOld = true;
  #registerAskedAt = 0;
  readonly #words = new Map<string, BrokerWords>();
  #brokersAskedAt = 0;
  #asking: Promise<void> | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Plants or their credentials changed. */
  noteChange(): void {
    this.#isRegisterOld = true;
  }

  /** The vault was locked: nothing of it is kept. */
  forget(): void {
    this.#register = [];
    this.#words.clear();
    this.#isRegisterOld = true;
    this.#registerAskedAt = 0;
    this.#brokersAskedAt = 0;
  }

  /** Listens to all plants of every broker. One that cannot be reached says so by its connection. */
  async listen(context: OperationContext): Promise<FleetBroker[]> {
    const { monitors, logger } = this.#options;
    await Promise.all(
      context.vault.brokers.list().map(async (broker) => {
        try {
          await monitors.listen(context, broker);
        } catch (error) {
          logger.warn('a broker cannot be listened to', { brokerId: broker.brokerId, error });
        }
      }),
    );
    return this.#brokers(context);
  }

  /** Ends with `signal`, or when the vault is locked: `contextOf` throws then. */
  async *watch(contextOf: () => OperationContext, signal: AbortSignal): AsyncGenerator<FleetFrame, void, undefined> {
    const told = new Map<PlantId, string>();
    let toldBrokers = '';
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const context = contextOf();
      await this.#refresh(context);
      const now = context.clock.now().getTime();
      const { changed, gone } = await this.#differences(told, now);
      const brokers = this.#brokers(context);
      const brokerWords = JSON.stringify(brokers);
      if (isFirst || changed.length > 0 || gone.length > 0 || brokerWords !== toldBrokers) {
        toldBrokers = brokerWords;
        yield { cutAt: now, total: this.#register.length, changed, gone, brokers };
      }
      await sleep(frameMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** The first ones that differ, as many as a frame holds. */
  async #differences(told: Map<PlantId, string>, now: number): Promise<Pick<FleetFrame, 'changed' | 'gone'>> {
    const register = this.#register;
    const changed: { readonly plant: FleetPlant; readonly words: string }[] = [];
    const present = new Set<PlantId>();
    for (const [i, plant] of register.entries()) {
      if (i % pageSize === pageSize - 1) await setImmediate();
      present.add(plant.plantId);
      const row = this.#row(plant, now);
      const words = JSON.stringify(row);
      if (words !== told.get(plant.plantId)) changed.push({ plant: row, words });
    }
    // Who waits longest is first: a plant that was told is put at the end of the map.
    const order = new Map([...told.keys()].map((plantId, i) => [plantId, i]));
    changed.sort((a, b) => (order.get(a.plant.plantId) ?? -1) - (order.get(b.plant.plantId) ?? -1));
    const fitting = changed.slice(0, maxFramePlants);
    for (const { plant, words } of fitting) {
      told.delete(plant.plantId);
      told.set(plant.plantId, words);
    }
    const gone = [...told.keys()].filter((plantId) => !present.has(plantId)).slice(0, maxFramePlants);
    for (const plantId of gone) told.delete(plantId);
    return { changed: fitting.map(({ plant }) => plant), gone };
  }

  #row(plant: Plant, now: number): FleetPlant {
    const { plantWatches } = this.#options.monitors;
    const words = [...this.#words.values()];
    const refusals = words.flatMap(({ refused }) => [refused.get(plant.username), refused.get(plant.plantId)]);
    const lastRefusal = Math.max(0, ...refusals.filter((at) => at !== undefined));
    return fleetPlant({
      plant,
      heard: plantWatches.factsOf(plant.plantId, now),
      connected: isConnected(words, plant.username),
      askedAt: this.#brokersAskedAt,
      refusedAt: lastRefusal || undefined,
      now,
    });
  }

  #brokers({ vault }: OperationContext): FleetBroker[] {
    const { monitors } = this.#options;
    return vault.brokers.list().map(({ brokerId, name }) => ({
      brokerId,
      name,
      connection: monitors.plantsConnection(brokerId),
      unknown: monitors.plantWatches.known(brokerId)?.unknown() ?? { ids: 0, messages: 0 },
    }));
  }

  /** Asks again for what is old; several windows that want it at once ask once. */
  async #refresh(context: OperationContext): Promise<void> {
    this.#asking ??= this.#ask(context).finally(() => {
      this.#asking = undefined;
    });
    await this.#asking;
  }

  async #ask(context: OperationContext): Promise<void> {
    const now = context.clock.now().getTime();
    if (this.#isRegisterOld && now - this.#registerAskedAt >= askRegisterMs) {
      this.#isRegisterOld = false;
      this.#registerAskedAt = now;
      await this.#askRegister(context);
    }
    if (now - this.#brokersAskedAt < askBrokersMs) return;
    this.#brokersAskedAt = now;
    const asking = this.#askBrokers(context);
    // A broker behind a slow line holds no frame up.
    await Promise.race([asking, sleep(frameMs)]);
  }

  async #askRegister(context: OperationContext): Promise<void> {
    const plants: Plant[] = [];
    for (;;) {
      const { items, total } = listPlants(context, { limit: pageSize, offset: plants.length });
      plants.push(...items);
      if (items.length === 0 || plants.length >= total) break;
      await setImmediate();
    }
    this.#register = plants;
    this.#options.monitors.plantWatches.follow(plants.map(({ plantId }) => plantId));
  }

  /** Only brokers that were needed before are asked: looking at the fleet starts nothing. */
  async #askBrokers({ vault }: OperationContext): Promise<void> {
    const known = vault.brokers.list().map(({ brokerId }) => brokerId);
    for (const brokerId of this.#words.keys()) if (!known.includes(brokerId)) this.#words.delete(brokerId);
    await Promise.all(
      known.map(async (brokerId) => {
        const target = this.#options.brokers.known(brokerId);
        if (!target) return;
        const [sessions, lines] = await Promise.all([
          Promise.resolve(target.sessions?.()).catch(() => undefined),
          target.log().catch(() => []),
        ]);
        const names = sessions?.filter((session) => !isOwnSession(session)).map(({ username }) => username);
        this.#words.set(brokerId, { sessions: names && new Set(names), refused: refusedLogins(lines) });
      }),
    );
  }
}

/** Somewhere; or nowhere, where every broker that was asked can tell. */
function isConnected(words: readonly BrokerWords[], username: string): FleetPlant['connected'] {
  if (words.some(({ sessions }) => sessions?.has(username))) return 'yes';
  return words.length > 0 && words.every(({ sessions }) => sessions !== undefined) ? 'no' : 'unknown';
}
