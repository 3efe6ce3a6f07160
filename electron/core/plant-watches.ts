// What each broker's messages tell of the plants of the register; what proves that a plant has a session is written down
// there. It outlives the monitor that hears them: one that begins anew, with other settings, has no plant seen for the
// first time.

import { type PlantId, plantIdSchema } from '../../shared/model/plant.ts';
import type { SignedMessageKind } from '../../shared/model/telemetry.ts';
import { verifySignature } from '../credentials/signatures.ts';
import type { PlantFacts } from '../monitor/plant-state.ts';
import { type JudgedMessage, PlantWatch } from '../monitor/plant-watch.ts';
import type { OperationContext } from '../operations/context.ts';
import { probeIds } from '../operations/probe-broker.ts';
import type { Logger } from '../platform/log.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { PlantRegister } from './plant-register.ts';
import { PlantSecrets } from './plant-secrets.ts';
import { PlantSightings } from './plant-sightings.ts';

type Context = () => OperationContext | undefined;

type Options = {
  /** Undefined while the vault is locked: then no signature can be checked, and nothing is written down. */
  readonly context: Context;
  readonly logger: Logger;
};

export class PlantWatches {
  readonly #context: Context;
  readonly #secrets: PlantSecrets;
  readonly #register: PlantRegister;
  readonly #sightings: PlantSightings;
  readonly #watches = new Map<string, PlantWatch>();

  constructor(options: Options) {
    this.#context = options.context;
    this.#secrets = new PlantSecrets(options.context);
    this.#sightings = new PlantSightings(options);
    this.#register = new PlantRegister({
      ...options,
      onGone: (plantIds) => {
        this.#sightings.forget(plantIds);
        for (const watch of this.#watches.values()) watch.forget(plantIds);
      },
    });
  }

  /** Resolves once the plants of the register are known. */
  ready(): Promise<void> {
    return this.#register.ready();
  }

  /** The vault was opened, or plants came or went. */
  noteRegister(): void {
    this.#register.noteChange();
    this.#secrets.forget();
  }

  /** Whether the register has it, as it was read last. */
  isPlant(plantId: string): boolean {
    return this.#register.has(plantId);
  }

  /** Of this broker; made when it is first asked for. */
  of(broker: BrokerRow): PlantWatch {
    const known = this.#watches.get(broker.brokerId);
    if (known) return known;
    const watch = new PlantWatch({
      keepsApart: keepsPlantsApart(broker),
      isProbe: (plantId) => this.#isProbe(broker.brokerId, plantId),
      isPlant: (plantId) => this.isPlant(plantId),
      judge: (kind, plantId, payload) => this.#judge(kind, plantId, payload),
      onSession: (plantId, at) => this.#sightings.note(plantId, at),
    });
    this.#watches.set(broker.brokerId, watch);
    return watch;
  }

  /** By the secret of the plant in the vault. Payloads come from strangers: nothing is thrown. */
  judgeTopic(topic: string, payload: Uint8Array): JudgedMessage['signature'] {
    const [, plantId = '', name = ''] = plantTopic.exec(topic) ?? [];
    const kind = signedKinds.get(name);
    return kind ? this.#judge(kind, plantId, payload).signature : 'unknown';
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

  forget(brokerId: string): void {
    this.#watches.delete(brokerId);
  }

  /** The vault was locked. */
  clear(): void {
    this.#watches.clear();
    this.#register.forget();
    this.#sightings.clear();
    this.#secrets.forget();
  }

  #isProbe(brokerId: string, plantId: string): boolean {
    const context = this.#context();
    return context !== undefined && probeIds(context, brokerId).some((own) => own === plantId);
  }

  #judge(kind: SignedMessageKind, plantId: string, payload: Uint8Array): JudgedMessage {
    const id = plantIdSchema.safeParse(plantId).data;
    const message = parseObject(payload);
    if (!id || !message) return { signature: 'unknown', message };
    const isSigned = message.sig !== undefined;
    const isValid = this.#secrets.verify(id, (secret) => isSigned && verifySignature(kind, id, message, secret));
    if (isValid === undefined) return { signature: 'unknown', message };
    return { signature: isValid ? 'valid' : isSigned ? 'invalid' : 'absent', message };
  }
}

/** Whether a broker with this profile lets nobody else write on a plant's topics. */
export const keepsPlantsApart = ({ profile }: Pick<BrokerRow, 'profile'>): boolean => profile === 'voke';

const plantTopic = /^cpi\/([0-9a-f-]{36})\/([a-z]+)$/;

/** By the last level of the topic. */
const signedKinds: ReadonlyMap<string, SignedMessageKind> = new Map([
  ['telemetry', 'telemetry'],
  ['ack', 'ack'],
  ['alarm', 'alarm'],
  ['command', 'command'],
  ['commands', 'command'],
]);

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
