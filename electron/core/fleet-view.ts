// All plants of the register with what every broker tells of them, for the windows that show them.
// - Nothing is asked while no window looks. Brokers and register are asked now and then, however many windows look.
// - A window is told what changed, in frames that have a bound; a register of thousands comes in a few of them.

import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import {
  type FleetBroker,
  type FleetFrame,
  type FleetPlant,
  type FleetQuery,
  type FleetSnapshot,
  maxFramePlants,
} from '../../shared/model/fleet.ts';
import type { Plant, PlantId } from '../../shared/model/plant.ts';
import type { OperationContext } from '../operations/context.ts';
import { listPlants } from '../operations/plants.ts';
import type { Logger } from '../platform/log.ts';
import { BrokerWords } from './broker-words.ts';
import { fleetPlant } from './fleet-state.ts';
import type { LiveBrokers } from './live-brokers.ts';
import type { LiveMonitors } from './live-monitors.ts';

const frameMs = 1000;
/** The register is told to have changed whenever a plant is heard; asking for all of it each time would be too much. */
const askRegisterMs = 3000;
const pageSize = 500;

type Options = { readonly monitors: LiveMonitors; readonly brokers: LiveBrokers; readonly logger: Logger };
type Page = { readonly limit: number; readonly offset: number };

export class FleetView {
  readonly #options: Options;
  readonly #words: BrokerWords;
  #register: readonly Plant[] = [];
  /** Of devices that are reached straight, where one plant alone has it. */
  #addresses: ReadonlyMap<PlantId, string> = new Map();
  #isRegisterOld = true;
  #registerAskedAt = 0;
  #asking: Promise<void> | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#words = new BrokerWords(options.brokers);
  }

  /** Plants or their credentials changed. */
  noteChange(): void {
    this.#isRegisterOld = true;
  }

  /** The vault was locked: nothing of it is kept. */
  forget(): void {
    this.#register = [];
    this.#addresses = new Map();
    this.#words.forget();
    this.#isRegisterOld = true;
    this.#registerAskedAt = 0;
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

  /** The plants that fit, in the order of the register. Who asks for plants just made gets them. */
  async snapshot(context: OperationContext, { limit, offset, ...query }: FleetQuery & Page): Promise<FleetSnapshot> {
    if (this.#isRegisterOld) this.#registerAskedAt = 0;
    await this.#refresh(context);
    const now = context.clock.now().getTime();
    const items: FleetPlant[] = [];
    for await (const row of this.#rows(now)) if (fits(row, query)) items.push(row);
    return {
      cutAt: new Date(now).toISOString(),
      items: items.slice(offset, offset + limit),
      total: items.length,
      brokers: this.#brokers(context),
    };
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
    const changed: { readonly plant: FleetPlant; readonly words: string }[] = [];
    const present = new Set<PlantId>();
    for await (const plant of this.#rows(now)) {
      present.add(plant.plantId);
      const words = JSON.stringify(plant);
      if (words !== told.get(plant.plantId)) changed.push({ plant, words });
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

  /** Every plant; others have their turn between pages of them. */
  async *#rows(now: number): AsyncGenerator<FleetPlant> {
    const { plantWatches } = this.#options.monitors;
    const register = this.#register;
    for (let from = 0; from < register.length; from += pageSize) {
      if (from > 0) await setImmediate();
      yield* register.slice(from, from + pageSize).map((plant) =>
        fleetPlant({
          plant,
          heard: plantWatches.factsOf(plant.plantId, now),
          connected: this.#words.connected(plant),
          askedAt: this.#words.askedAt,
          refusedAt: this.#words.refusedAt(plant, this.#addresses.get(plant.plantId)),
          now,
        }),
      );
    }
  }

  #brokers({ vault, clock }: OperationContext): FleetBroker[] {
    const { monitors } = this.#options;
    const now = clock.now().getTime();
    return vault.brokers.list().map(({ brokerId, name }) => ({
      brokerId,
      name,
      connection: monitors.plantsConnection(brokerId),
      unknown: monitors.plantWatches.known(brokerId)?.unknown() ?? { ids: 0, messages: 0 },
      refusals: this.#words.unnamedRefusals(brokerId, now),
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
    const isJustAsked = now >= this.#registerAskedAt && now - this.#registerAskedAt < askRegisterMs;
    if (this.#isRegisterOld && !isJustAsked) {
      this.#isRegisterOld = false;
      this.#registerAskedAt = now;
      await this.#askRegister(context);
    }
    await this.#words.ask(context.vault.brokers.list(), now);
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
    this.#addresses = ownAddresses(context);
  }
}

function ownAddresses({ vault }: OperationContext): ReadonlyMap<PlantId, string> {
  const straight = vault.devices.list().filter(({ jump }) => jump === null);
  const byHost = Map.groupBy(straight, ({ host }) => host);
  return new Map(straight.flatMap(({ plantId, host }) => (byHost.get(host)?.length === 1 ? [[plantId, host]] : [])));
}

function fits(plant: FleetPlant, { state, site, query = '' }: FleetQuery): boolean {
  const wanted = query.trim().toLowerCase();
  return (
    (state === undefined || plant.state === state) &&
    (site === undefined || (plant.site ?? '') === site) &&
    [plant.name, plant.site ?? '', plant.plantId].some((text) => text.toLowerCase().includes(wanted))
  );
}
