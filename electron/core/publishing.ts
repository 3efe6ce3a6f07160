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
} from '../../shared/model/publish.ts';
import { filterMatchesTopic, plantTopic } from '../../shared/model/topics.ts';
import { signMessage } from '../credentials/signatures.ts';
import type { Monitor } from '../monitor/monitor.ts';
import { audit, type OperationContext } from '../operations/context.ts';
import { requirePlant } from '../operations/plants.ts';
import { type Guarded, guardCommand, guardMessage, type LifeSigns, noLifeSigns } from '../operations/publish-guard.ts';
import type { Clock } from '../platform/clock.ts';
import { followAck } from './command-acks.ts';
import { Confirmations } from './confirmations.ts';
import { askLifeSigns } from './life-signs.ts';
import type { LiveBrokers } from './live-brokers.ts';
import { type LiveMonitors, settingsOf } from './live-monitors.ts';
import { keepsPlantsApart } from './plant-watches.ts';
import { auditText, connectedMonitor, type PublishCall } from './publish-call.ts';

/** Whether a message came back is known so long after the broker's answer. */
const echoMs = 1000;
/** Who is to hear an acknowledgement is waited for so long. */
const earsMs = 5000;

export class Publishing {
  readonly #live: LiveMonitors;
  readonly #brokers: LiveBrokers;
  readonly #clock: Clock;
  readonly #confirmations: Confirmations<null>;

  constructor({ live, brokers, clock }: { live: LiveMonitors; brokers: LiveBrokers; clock: Clock }) {
    this.#live = live;
    this.#brokers = brokers;
    this.#clock = clock;
    this.#confirmations = new Confirmations(clock);
  }

  /** Throws `publish/retained-command` and `monitor/not-connected`. */
  async check(call: PublishCall, message: OutgoingMessage): Promise<PublishCheck> {
    return this.#tell(call, message, guardMessage(call.context, message, await this.#signsFor(call, message)));
  }

  /** Throws as `check` does, `publish/not-confirmed`, and `publish/unanswered`. */
  async send(call: PublishCall, message: OutgoingMessage, confirmation: string | undefined): Promise<PublishOutcome> {
    const { context, broker } = call;
    const monitor = connectedMonitor(this.#live, broker);
    this.#confirm(call, message, guardMessage(context, message, await this.#signsFor(call, message)), confirmation);
    const hears = settingsOf(context, broker.brokerId).filters.some((filter) =>
      filterMatchesTopic(filter, message.topic),
    );
    const echo = hears ? listenForEcho(monitor, message) : undefined;
    try {
      const answer = await this.#publish(call, monitor, message, 'publish.message');
      return { ...answer, heardBack: (await echo?.within(echoMs)) ?? null };
    } finally {
      echo?.end();
    }
  }

  /** Throws `plant/not-found`, `publish/no-secret` and `monitor/not-connected`. */
  async checkCommand(call: PublishCall, command: PlantCommand): Promise<PublishCheck> {
    return this.#tell(call, command, await this.#guardCommand(call, command));
  }

  /** What becomes of the command, as it goes on; ends with the acknowledgement or without one. Throws as `send` does. */
  async *command(
    call: PublishCall,
    command: PlantCommand,
    wish: { readonly confirmation: string | undefined; readonly timeoutSeconds: number; readonly signal: AbortSignal },
  ): AsyncGenerator<CommandProgress, void, undefined> {
    const { context, broker } = call;
    const monitor = connectedMonitor(this.#live, broker);
    this.#confirm(call, command, await this.#guardCommand(call, command), wish.confirmation);
    const ears = await this.#earsFor(call, wish.signal);
    // Nobody waits for it any more: nobody wants it sent.
    if (wish.signal.aborted) return;
    const cmdId = randomUUID();
    const topic = plantTopic(command.plantId, command.topicName);
    // Its time is the one at which it leaves.
    const text = this.#commandText(context, command, cmdId);
    const acks = followAck({
      monitor: ears,
      plantId: command.plantId,
      cmdId,
      clock: this.#clock,
      timeoutMs: wish.timeoutSeconds * 1000,
      signal: wish.signal,
      keepsApart: keepsPlantsApart(broker),
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

  /** Who hears the acknowledgements of every plant, whatever the operator looks at; connected, unless it cannot be. */
  async #earsFor({ context, broker }: PublishCall, signal: AbortSignal): Promise<Monitor> {
    const ears = await this.#live.listen(context, broker);
    const until = AbortSignal.any([signal, AbortSignal.timeout(earsMs)]);
    while (ears.connection().state !== 'connected' && !until.aborted) {
      await sleep(50, undefined, { signal: until }).catch(() => undefined);
    }
    return ears;
  }

  #signs({ context }: PublishCall) {
    return askLifeSigns(context, { brokers: this.#brokers, watches: this.#live.plantWatches });
  }

  /** Brokers are not asked about a topic without anything like an id. */
  async #signsFor(call: PublishCall, { topic }: OutgoingMessage): Promise<LifeSigns> {
    return /[0-9a-f]{8}/i.test(topic) ? await this.#signs(call) : noLifeSigns;
  }

  async #guardCommand(call: PublishCall, { plantId, type }: PlantCommand): Promise<Guarded> {
    const { context } = call;
    const plant = requirePlant(context, plantId);
    const isSigned = context.vault.signingSecrets.get(plantId) !== undefined;
    if (!isSigned && plant.authMethod !== 'MTLS') throw new ConsoleError('publish/no-secret');
    return guardCommand(plant, type, isSigned, await this.#signs(call));
  }

  #commandText({ vault }: OperationContext, { plantId, type, parameters }: PlantCommand, cmdId: string): string {
    const command = { cmdId, ts: this.#clock.now().getTime(), type, p: parameters };
    const secret = vault.signingSecrets.get(plantId);
    return JSON.stringify(secret ? { ...command, sig: signMessage('command', plantId, command, secret) } : command);
  }

  #tell(call: PublishCall, subject: OutgoingMessage | PlantCommand, guarded: Guarded): PublishCheck {
    const monitor = connectedMonitor(this.#live, call.broker);
    const { consequences, livePlants, needsConfirmation } = guarded;
    const hasLostProperties = 'properties' in subject && subject.properties && monitor.protocolVersion === 4;
    return {
      identity: identityWords(call),
      consequences,
      livePlants,
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
  consequences: consequences.map((words) => words.replace(/last heard [\d:. -]+\d/, 'heard')),
});

function identityWords({ context, broker }: PublishCall): string {
  const { identity } = settingsOf(context, broker.brokerId);
  return identity.kind === 'console'
    ? `The console itself, on ${broker.name}`
    : `A plant's credential (${identity.credentialId}), on ${broker.name}: its ACL lets it write what the plant may write`;
}

/** Whether the message comes back to the console itself, which proves that the broker let it through. */
function listenForEcho(monitor: Monitor, { topic, payloadBase64 }: OutgoingMessage) {
  const payload = Buffer.from(payloadBase64, 'base64');
  const heard = Promise.withResolvers<boolean>();
  const end = monitor.onMessage((message) => {
    if (message.topic === topic && payload.equals(message.payload)) heard.resolve(true);
  });
  return {
    within: (ms: number): Promise<boolean> => Promise.race([heard.promise, sleep(ms, false, { ref: false })]),
    end,
  };
}
