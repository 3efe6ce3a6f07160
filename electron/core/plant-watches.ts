// What each broker's messages tell of the plants of the register. It outlives the monitor that hears them: one that
// begins anew, with other settings, has no plant seen for the first time.

import { type PlantId, plantIdSchema } from '../../shared/model/plant.ts';
import { verifySignature } from '../credentials/signatures.ts';
import { type JudgedMessage, type PlantFacts, PlantWatch, type SignedKind } from '../monitor/plant-watch.ts';
import type { OperationContext } from '../operations/context.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';

type Context = () => OperationContext | undefined;

export class PlantWatches {
  readonly #context: Context;
  readonly #watches = new Map<string, PlantWatch>();

  /** Undefined while the vault is locked: then no signature can be checked. */
  constructor(context: Context) {
    this.#context = context;
  }

  /** Of this broker; made when it is first asked for. */
  of(broker: BrokerRow): PlantWatch {
    const known = this.#watches.get(broker.brokerId);
    if (known) return known;
    const watch = new PlantWatch({
      keepsApart: keepsPlantsApart(broker),
      isPlant: (plantId) => {
        const id = plantIdSchema.safeParse(plantId).data;
        return id === plantId && this.#context()?.vault.plants.get(id) !== undefined;
      },
      judge: (kind, plantId, payload) => judgeMessage(this.#context(), kind, plantId, payload),
    });
    const plants = this.#context()?.vault.plants.list().items ?? [];
    watch.follow(plants.map(({ plantId }) => plantId));
    this.#watches.set(broker.brokerId, watch);
    return watch;
  }

  /** Of a broker that was listened to. */
  known(brokerId: string): PlantWatch | undefined {
    return this.#watches.get(brokerId);
  }

  /** Of each broker that was listened to, what is known of the plant. */
  factsOf(plantId: PlantId, now: number): { readonly brokerId: string; readonly facts: PlantFacts }[] {
    return [...this.#watches].flatMap(([brokerId, watch]) => {
      const facts = watch.facts(plantId, now);
      return facts ? [{ brokerId, facts }] : [];
    });
  }

  /** The register has these plants now. */
  follow(plantIds: readonly string[]): void {
    for (const watch of this.#watches.values()) watch.follow(plantIds);
  }

  forget(brokerId: string): void {
    this.#watches.delete(brokerId);
  }

  clear(): void {
    this.#watches.clear();
  }
}

/** Whether a broker with this profile lets nobody else write on a plant's topics. */
export const keepsPlantsApart = ({ profile }: Pick<BrokerRow, 'profile'>): boolean => profile === 'voke';

/** By the secret of the plant in the vault. Payloads come from strangers: nothing is thrown. */
export function judgeMessage(
  context: OperationContext | undefined,
  kind: SignedKind,
  plantId: string,
  payload: Uint8Array,
): JudgedMessage {
  const id = plantIdSchema.safeParse(plantId).data;
  const secret = id && context?.vault.signingSecrets.get(id);
  const message = parseObject(payload);
  if (!id || !secret || !message) return { signature: 'unknown', message };
  if (message.sig === undefined) return { signature: 'absent', message };
  return { signature: verifySignature(kind, id, message, secret) ? 'valid' : 'invalid', message };
}

/** The payload as a JSON object; undefined for anything else. */
export function parseObject(payload: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
