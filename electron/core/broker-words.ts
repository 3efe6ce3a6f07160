// What brokers themselves say of who is there and who was turned away, asked now and then for all that look at the fleet.
// Only brokers that were needed before are asked: looking at the fleet starts nothing.

import { setTimeout as sleep } from 'node:timers/promises';
import type { FleetBroker, FleetPlant } from '../../shared/model/fleet.ts';
import type { Plant } from '../../shared/model/plant.ts';
import { type RefusedLogins, refusedLogins } from '../broker/refused-logins.ts';
import { isOwnSession } from '../operations/own-sessions.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { LiveBrokers } from './live-brokers.ts';

const askMs = 10_000;
/** A broker behind a slow line holds nobody up; its answer counts from when it comes. */
const waitMs = 1000;
const refusalsMs = 15 * 60_000;
const maxAddresses = 5;
/** Logs are to the second. */
const secondMs = 1000;

/** `sessions` undefined: the broker cannot tell. */
type Words = { readonly sessions: ReadonlySet<string> | undefined; readonly refused: RefusedLogins };

/** Everything on this machine has them, the console as well. */
const ownAddresses: readonly string[] = ['127.0.0.1', '::1'];

export class BrokerWords {
  readonly #brokers: LiveBrokers;
  readonly #words = new Map<string, Words>();
  #askedAt = 0;

  constructor(brokers: LiveBrokers) {
    this.#brokers = brokers;
  }

  /** When they were asked, in Unix milliseconds. */
  get askedAt(): number {
    return this.#askedAt;
  }

  forget(): void {
    this.#words.clear();
    this.#askedAt = 0;
  }

  /** Asks unless it did so just now. */
  async ask(rows: readonly BrokerRow[], now: number): Promise<void> {
    // A clock that was put back must not keep anybody waiting.
    if (now >= this.#askedAt && now - this.#askedAt < askMs) return;
    this.#askedAt = now;
    const known = new Set(rows.map(({ brokerId }) => brokerId));
    for (const brokerId of this.#words.keys()) if (!known.has(brokerId)) this.#words.delete(brokerId);
    await Promise.race([Promise.all(rows.map((row) => this.#askOne(row))), sleep(waitMs)]);
  }

  async #askOne({ brokerId, lastPushedAt }: BrokerRow): Promise<void> {
    const target = this.#brokers.known(brokerId);
    if (!target) return;
    const [sessions, lines] = await Promise.all([
      Promise.resolve(target.sessions?.()).catch(() => undefined),
      target.eventLog().catch(() => []),
    ]);
    const names = sessions?.filter((session) => !isOwnSession(session)).map(({ username }) => username);
    const { named, unnamed } = refusedLogins(lines);
    // At the end of a push, also of one before this start, the console itself tries what must be refused.
    const pushedAt = lastPushedAt === null ? 0 : Date.parse(lastPushedAt);
    const isOwn = (at: number, clientId?: string) =>
      this.#brokers.ownLogins.includes(brokerId, at, at + secondMs, clientId);
    const refused = {
      named: new Map([...named].filter(([clientId, at]) => !isOwn(at, clientId))),
      unnamed: unnamed.filter(({ at }) => at > pushedAt && !isOwn(at)),
    };
    this.#words.set(brokerId, { sessions: names && new Set(names), refused });
  }

  /** Somewhere; or nowhere, where every broker that was asked can tell. */
  connected({ username }: Pick<Plant, 'username'>): FleetPlant['connected'] {
    const words = [...this.#words.values()];
    if (words.some(({ sessions }) => sessions?.has(username))) return 'yes';
    return words.length > 0 && words.every(({ sessions }) => sessions !== undefined) ? 'no' : 'unknown';
  }

  /**
   * The last login that was refused in the plant's name, or without a name from its address, in Unix milliseconds.
   * `address`: of its device and of no other one.
   */
  refusedAt(
    { username, plantId }: Pick<Plant, 'username' | 'plantId'>,
    address: string | undefined,
  ): number | undefined {
    const isTelling = address !== undefined && !ownAddresses.includes(address);
    const times = [...this.#words.values()].flatMap(({ refused: { named, unnamed } }) => [
      named.get(username) ?? 0,
      named.get(plantId) ?? 0,
      (isTelling && unnamed.findLast((refusal) => refusal.address === address)?.at) || 0,
    ]);
    return Math.max(0, ...times) || undefined;
  }

  /** Those of late that name nobody. */
  unnamedRefusals(brokerId: string, now: number): FleetBroker['refusals'] {
    const recent = (this.#words.get(brokerId)?.refused.unnamed ?? [])
      .filter(({ at }) => now - at <= refusalsMs)
      .reverse();
    const [last] = recent;
    if (!last) return null;
    const addresses = new Set(recent.flatMap(({ address }) => address ?? []));
    return {
      count: recent.length,
      lastAt: new Date(last.at).toISOString(),
      addresses: [...addresses].slice(0, maxAddresses),
    };
  }
}
