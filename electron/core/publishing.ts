// Publishing to brokers by hand: what it would do, the confirmation where a live plant is reached, and what came of it.
// Payloads are written down nowhere: they may hold a secret.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConsoleError } from '../../shared/model/errors.ts';
import type {
  CommandProgress,
  OutgoingMessage,
  PlantCommand,
  PublishAnswer,
  PublishCheck,
  PublishOutcome,
  RetainedList,
} from '../../shared/model/publish.ts';
import { filterMatchesTopic, plantTopic } from '../../shared/model/topics.ts';
import { visibleText } from '../../shared/model/visible-text.ts';
import { signMessage } from '../credentials/signatures.ts';
import type { Monitor } from '../monitor/monitor.ts';
import { listRetained, type RetainedTopic } from '../monitor/retained-topics.ts';
import { audit, type OperationContext } from '../operations/context.ts';
import { monitorConnection } from '../operations/monitor-connection.ts';
import { requirePlant } from '../operations/plants.ts';
import { type Guarded, guardCommand, guardMessage, isLive, plantOfTopic } from '../operations/publish-guard.ts';
import type { StepRunner } from '../operations/steps.ts';
import type { Clock } from '../platform/clock.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { followAck } from './command-acks.ts';
import { Confirmations } from './confirmations.ts';
import { type LiveMonitors, settingsOf } from './live-monitors.ts';

/** Whether a message came back is known after so long. */
const echoMs = 1000;
/** Deletions in one step of the job. */
const deletionsAStep = 500;

/** A call: who asks, and about which broker. */
export type PublishCall = {
  readonly context: OperationContext;
  readonly sessionId: string;
  readonly broker: BrokerRow;
};

export class Publishing {
  readonly #live: LiveMonitors;
  readonly #clock: Clock;
  readonly #confirmations: Confirmations<null>;
  readonly #deletions: Confirmations<readonly RetainedTopic[]>;

  constructor({ live, clock }: { live: LiveMonitors; clock: Clock }) {
    this.#live = live;
    this.#clock = clock;
    this.#confirmations = new Confirmations(clock);
    this.#deletions = new Confirmations(clock);
  }

  /** Throws `publish/retained-command` and `monitor/not-connected`. */
  check(call: PublishCall, message: OutgoingMessage): PublishCheck {
    return this.#tell(call, message, guardMessage(call.context, message));
  }

  /** Throws as `check` does, `publish/not-confirmed`, and `publish/unanswered`. */
  async send(call: PublishCall, message: OutgoingMessage, confirmation: string | undefined): Promise<PublishOutcome> {
    const { context, broker } = call;
    const monitor = this.#connected(broker);
    this.#confirm(call, message, guardMessage(context, message), confirmation);
    const hears = settingsOf(context, broker.brokerId).filters.some((filter) =>
      filterMatchesTopic(filter, message.topic),
    );
    const echo = hears ? awaitEcho(monitor, message) : undefined;
    const answer = await this.#publish(call, monitor, message, 'publish.message');
    return { ...answer, heardBack: (await echo) ?? null };
  }

  /** Throws `plant/not-found`, `publish/no-secret` and `monitor/not-connected`. */
  checkCommand(call: PublishCall, command: PlantCommand): PublishCheck {
    return this.#tell(call, command, this.#guardCommand(call, command));
  }

  /** What becomes of the command, as it goes on; ends with the acknowledgement or without one. Throws as `send` does. */
  async *command(
    call: PublishCall,
    command: PlantCommand,
    wish: { readonly confirmation: string | undefined; readonly timeoutSeconds: number; readonly signal: AbortSignal },
  ): AsyncGenerator<CommandProgress, void, undefined> {
    const { context, broker } = call;
    const monitor = this.#connected(broker);
    this.#confirm(call, command, this.#guardCommand(call, command), wish.confirmation);
    const cmdId = randomUUID();
    const topic = plantTopic(command.plantId, command.topicName);
    const text = this.#commandText(context, command, cmdId);
    const ears = await this.#earsFor(call);
    const acks = followAck({
      monitor: ears,
      plantId: command.plantId,
      cmdId,
      clock: this.#clock,
      timeoutMs: wish.timeoutSeconds * 1000,
      signal: wish.signal,
      checkSignature: (ackTopic, payload) => this.#live.checkSignature(ackTopic, payload),
    });
    try {
      const message: OutgoingMessage = {
        topic,
        payloadBase64: Buffer.from(text).toString('base64'),
        qos: 1,
        retain: false,
      };
      const answer = await this.#publish(call, monitor, message, 'publish.command', { cmdId, type: command.type });
      yield { state: 'published', cmdId, topic, text, answer };
      if (answer.result === 'refused') return;
      yield* acks.heard;
    } finally {
      acks.end();
    }
  }

  /** Throws `monitor/connect-failed` when the broker cannot be asked. */
  async listRetained(call: PublishCall, filter: string): Promise<RetainedList> {
    const { context, sessionId, broker } = call;
    const { topics, isCut } = await this.#look(call, filter);
    const plants = new Map(
      topics.flatMap(({ topic }) => {
        const plant = plantOfTopic(context, topic);
        return plant && isLive(plant) ? [[plant.plantId, plant] as const] : [];
      }),
    );
    const consequences =
      topics.length === 0
        ? []
        : [
            `Deletes the retained messages of ${topics.length === 1 ? '1 topic' : `${topics.length} topics`} for good. Who listens there now gets an empty message.`,
            ...[...plants.values()]
              .slice(0, 20)
              .map(({ name, status }) => `Among them are topics of ${name}: ${status}.`),
            ...(plants.size > 20 ? [`And of ${plants.size - 20} more live plants.`] : []),
          ];
    const confirmation =
      topics.length === 0 ? null : this.#deletions.issue(sessionId, { brokerId: broker.brokerId, filter }, topics);
    return { topics, isCut, consequences, confirmation };
  }

  /** What the confirmation lists; that is used up with it. Throws `publish/not-confirmed` and `monitor/not-connected`. */
  confirmDeletion(call: PublishCall, filter: string, confirmation: string): readonly RetainedTopic[] {
    this.#connected(call.broker);
    const { brokerId } = call.broker;
    const redeemed = this.#deletions.redeem(call.sessionId, confirmation, { brokerId, filter });
    if (!redeemed) throw new ConsoleError('publish/not-confirmed');
    return redeemed.value;
  }

  /** Throws `publish/still-retained` when the broker keeps any of them all the same. */
  async deleteRetained(
    call: PublishCall,
    filter: string,
    topics: readonly RetainedTopic[],
    step: StepRunner,
  ): Promise<void> {
    const { context, broker } = call;
    const monitor = this.#connected(broker);
    audit(context, 'publish.delete-retained', broker.brokerId, {
      filter: auditText(filter),
      topics: topics.length,
      first: topics.slice(0, 20).map(({ topic }) => auditText(topic)),
    });
    for (let i = 0; i < topics.length; i += deletionsAStep) {
      const some = topics.slice(i, i + deletionsAStep);
      await step(`Delete ${i + 1} to ${i + some.length} of ${topics.length}`, async () => {
        for (const { topic } of some) {
          this.#live.ownMessages.noteSent(broker.brokerId, topic, Buffer.alloc(0));
          await monitor.publish({ topic, payloadBase64: '', qos: 1, retain: true });
        }
      });
    }
    await step('Ask the broker what it still keeps', async () => {
      const left = new Set((await this.#look(call, filter)).topics.map(({ topic }) => topic));
      const still = topics.filter(({ topic }) => left.has(topic));
      if (still.length > 0) {
        throw new ConsoleError('publish/still-retained', {
          because: `${still.length} of ${topics.length} are still there`,
        });
      }
    });
  }

  /** With a session of its own and the identity of the monitor. */
  async #look({ context, broker }: PublishCall, filter: string) {
    const settings = settingsOf(context, broker.brokerId);
    const connection = await monitorConnection(context, broker, settings);
    const agreed = this.#live.require(broker.brokerId).protocolVersion;
    const { protocolVersion } = connection;
    return await listRetained(connection, agreed ?? (protocolVersion === 'auto' ? 5 : protocolVersion), filter);
  }

  /** Throws `monitor/not-connected`. */
  #connected({ brokerId }: BrokerRow): Monitor {
    const monitor = this.#live.require(brokerId);
    if (monitor.protocolVersion === undefined) throw new ConsoleError('monitor/not-connected');
    return monitor;
  }

  /** Who hears the acknowledgements of every plant, whatever the operator looks at; connected, or silent if it cannot be. */
  async #earsFor({ context, broker }: PublishCall): Promise<Monitor> {
    const ears = await this.#live.listen(context, broker);
    for (let i = 0; i < 50 && ears.protocolVersion === undefined; i++) await sleep(100);
    return ears;
  }

  #guardCommand({ context }: PublishCall, { plantId, type }: PlantCommand): Guarded {
    const plant = requirePlant(context, plantId);
    const isSigned = context.vault.signingSecrets.get(plantId) !== undefined;
    if (!isSigned && plant.authMethod !== 'MTLS') throw new ConsoleError('publish/no-secret');
    return guardCommand(plant, type, isSigned);
  }

  #commandText({ vault }: OperationContext, { plantId, type, parameters }: PlantCommand, cmdId: string): string {
    const command = { cmdId, ts: this.#clock.now().getTime(), type, p: parameters };
    const secret = vault.signingSecrets.get(plantId);
    return JSON.stringify(secret ? { ...command, sig: signMessage('command', plantId, command, secret) } : command);
  }

  #tell(call: PublishCall, subject: OutgoingMessage | PlantCommand, guarded: Guarded): PublishCheck {
    const monitor = this.#connected(call.broker);
    const { consequences, needsConfirmation } = guarded;
    const hasLostProperties = 'properties' in subject && subject.properties && monitor.protocolVersion === 4;
    return {
      identity: identityWords(call),
      consequences,
      warnings: [
        ...guarded.warnings,
        ...(hasLostProperties ? ['This session is MQTT 3.1.1, which has no properties: they are left out.'] : []),
      ],
      confirmation: needsConfirmation
        ? this.#confirmations.issue(call.sessionId, confirmed(call, subject, guarded), null)
        : null,
    };
  }

  #confirm(
    call: PublishCall,
    subject: OutgoingMessage | PlantCommand,
    guarded: Guarded,
    confirmation: string | undefined,
  ): void {
    if (!guarded.needsConfirmation) return;
    if (!this.#confirmations.redeem(call.sessionId, confirmation, confirmed(call, subject, guarded))) {
      throw new ConsoleError('publish/not-confirmed');
    }
  }

  /** What goes out is written down whether or not the broker answers. */
  async #publish(
    { context, broker }: PublishCall,
    monitor: Monitor,
    message: OutgoingMessage,
    action: string,
    details: Readonly<Record<string, unknown>> = {},
  ): Promise<PublishAnswer> {
    const { topic, payloadBase64, qos, retain } = message;
    const about = {
      topic: auditText(topic),
      bytes: Buffer.byteLength(payloadBase64, 'base64'),
      qos,
      retain,
      ...details,
    };
    let answer: PublishAnswer | undefined;
    // Heard back on a plant's topic, it must not prove that the plant is there.
    this.#live.ownMessages.noteSent(broker.brokerId, topic, Buffer.from(payloadBase64, 'base64'));
    try {
      answer = await monitor.publish(message);
      return answer;
    } finally {
      audit(context, action, broker.brokerId, { ...about, answer: answer?.result ?? 'unknown' });
    }
  }
}

/** The words belong to it: when a plant's state changed since they were read, they have to be read again. */
const confirmed = ({ broker }: PublishCall, subject: OutgoingMessage | PlantCommand, { consequences }: Guarded) => ({
  brokerId: broker.brokerId,
  subject,
  // When a plant was last heard changes all the time and nothing of what it means.
  consequences: consequences.map((words) => words.replace(/last heard [^.]+\.\d+Z/, 'heard')),
});

function identityWords({ context, broker }: PublishCall): string {
  const { identity } = settingsOf(context, broker.brokerId);
  return identity.kind === 'console'
    ? `The console itself, on ${broker.name}`
    : `A plant's credential (${identity.credentialId}), on ${broker.name}: its ACL lets it write what the plant may write`;
}

/** A topic may have 65,535 bytes; the trail grows for ever. */
const auditText = (text: string): string => visibleText(text.slice(0, 500));

/** Whether the message comes back to the console itself, which proves that the broker let it through. */
async function awaitEcho(monitor: Monitor, { topic, payloadBase64 }: OutgoingMessage): Promise<boolean> {
  const payload = Buffer.from(payloadBase64, 'base64');
  const heard = Promise.withResolvers<boolean>();
  const stop = monitor.onMessage((message) => {
    if (message.topic === topic && payload.equals(message.payload)) heard.resolve(true);
  });
  const timer = setTimeout(() => heard.resolve(false), echoMs);
  try {
    return await heard.promise;
  } finally {
    clearTimeout(timer);
    stop();
  }
}
