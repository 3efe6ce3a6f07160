// Keeps a session to one broker alive: tries, tells its state, waits, tries again. It never storms: the waits grow
// until a session has lasted, so a broker that accepts and drops at once is not asked at speed either.
// Certificates and authorities are exchanged while it runs: as whom it comes, and whom it believes, is asked again before
// each further try.

import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SecureContext } from 'node:tls';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { MonitorConnection } from '../../shared/model/monitor.ts';
import type { OutgoingMessage, PublishAnswer } from '../../shared/model/publish.ts';
import type { Clock } from '../platform/clock.ts';
import {
  type BrokerConnection,
  type BrokerSession,
  type MessageListener,
  openSession,
  type ProtocolVersion,
  type SessionEnding,
  type SessionTiming,
  secureContextOf,
  sessionTiming,
} from './broker-session.ts';
import { explainEnding, mayNotSpeakVersion } from './explain-ending.ts';
import type { IngestCounts } from './ingest/paced-stream.ts';
import type { RetryDelay } from './retry-delay.ts';

export type BrokerLinkOptions = {
  readonly connection: BrokerConnection;
  /** As the connection would be made by now; where it cannot be made any more, the one before is tried again. */
  readonly renewed?: (() => Promise<BrokerConnection>) | undefined;
  readonly filters: readonly string[];
  readonly clock: Clock;
  readonly retryDelay: RetryDelay;
  readonly onState: (connection: MonitorConnection) => void;
  readonly onMessage: MessageListener;
  readonly timing?: SessionTiming;
};

/** A session this long proves that the broker means it. */
const lastingMs = 10_000;

export class BrokerLink {
  readonly #options: BrokerLinkOptions;
  #connection: BrokerConnection;
  #secureContext: SecureContext | undefined;
  #stopping: AbortController | undefined;
  #session: BrokerSession | undefined;
  #agreedVersion: ProtocolVersion | undefined;
  #ingestBefore: IngestCounts = { oversized: 0, pauses: 0 };
  #running: Promise<void> = Promise.resolve();

  /** Throws `monitor/connect-failed` when the identity is unusable. */
  constructor(options: BrokerLinkOptions) {
    this.#options = options;
    this.#connection = options.connection;
    this.#secureContext = secureContextOf(options.connection);
  }

  /** Of the session that stands. */
  get protocolVersion(): ProtocolVersion | undefined {
    return this.#agreedVersion;
  }

  /** Over all sessions. */
  ingest(): IngestCounts {
    const { oversized, pauses } = this.#session?.ingest() ?? { oversized: 0, pauses: 0 };
    return { oversized: this.#ingestBefore.oversized + oversized, pauses: this.#ingestBefore.pauses + pauses };
  }

  /** Over the session that stands. Throws `monitor/not-connected` without one, and `publish/unanswered`. */
  async publish(message: OutgoingMessage): Promise<PublishAnswer> {
    if (!this.#session || this.#agreedVersion === undefined) throw new ConsoleError('monitor/not-connected');
    return await this.#session.publish(message);
  }

  /** Does nothing while it already runs. `connection` takes the place of the one before; throws as the constructor does. */
  start(connection?: BrokerConnection): void {
    if (this.#stopping) return;
    if (connection) {
      this.#secureContext = secureContextOf(connection);
      this.#connection = connection;
    }
    this.#stopping = new AbortController();
    this.#options.onState({ state: 'connecting', reason: null });
    this.#running = this.#run(this.#running, this.#stopping.signal);
  }

  /** Resolves when the socket is closed; the way to the broker is then no longer needed. */
  async stop(): Promise<void> {
    if (!this.#stopping) return;
    this.#stopping.abort();
    this.#stopping = undefined;
    this.#options.onState({ state: 'stopped', reason: null });
    const running = this.#running;
    await this.#session?.end();
    this.#connection.way?.close();
    await running;
  }

  async #run(previousRun: Promise<void>, stopping: AbortSignal): Promise<void> {
    await previousRun;
    const { clock, onState, retryDelay } = this.#options;
    const { protocolVersion: wanted } = this.#connection;
    let version: ProtocolVersion = wanted === 'auto' ? 5 : wanted;
    let spoken: ProtocolVersion | undefined;
    let failures = 0;
    while (!stopping.aborted) {
      let subscribedAt: number | undefined;
      const ending = await this.#converse(version, stopping, () => {
        subscribedAt = clock.now().getTime();
        this.#agreedVersion = version;
        spoken = version;
        if (!stopping.aborted) onState({ state: 'connected', reason: null });
      });
      this.#agreedVersion = undefined;
      if (stopping.aborted) return;

      // One that spoke it before and just closes is being started again.
      const mayBeStarting = spoken === version && ending.reasonCode === undefined;
      if (wanted === 'auto' && mayNotSpeakVersion(ending) && !mayBeStarting) {
        version = version === 5 ? 4 : 5;
        // The first refusal of MQTT 5 is no failure yet: the broker is asked again in 3.1.1 at once.
        if (version === 4 && failures === 0) {
          failures = 1;
          continue;
        }
      }
      if (subscribedAt !== undefined && clock.now().getTime() - subscribedAt >= lastingMs) failures = 0;
      failures += 1;
      const { state, reason, pace } = explainEnding(ending, this.#connection);
      onState({ state, reason });
      await sleep(retryDelay(pace, failures), undefined, { signal: stopping }).catch(() => undefined);
      if (!stopping.aborted) await this.#renew(stopping);
    }
  }

  /** The client id and the way stay as they are. */
  async #renew(stopping: AbortSignal): Promise<void> {
    const { clientId, way } = this.#connection;
    // A certificate that has to be issued may wait for others; who stops does not.
    const stopped = Promise.withResolvers<void>();
    const stop = () => stopped.resolve();
    stopping.addEventListener('abort', stop);
    try {
      const renewed = await Promise.race([this.#options.renewed?.(), stopped.promise]);
      if (!renewed) return;
      const connection = { ...renewed, clientId, way };
      this.#secureContext = secureContextOf(connection);
      this.#connection = connection;
    } catch {
      // A vault that is locked ends the link; a credential that was handed over is still good for who has it.
    } finally {
      stopping.removeEventListener('abort', stop);
    }
  }

  /** One session from its way to its end. */
  async #converse(
    protocolVersion: ProtocolVersion,
    stopping: AbortSignal,
    onSubscribed: () => void,
  ): Promise<SessionEnding> {
    const { filters, onMessage, timing = sessionTiming } = this.#options;
    const connection = this.#connection;
    const stream = await openWay(connection, stopping).catch((error: unknown) => asError(error));
    if (stream instanceof Error) {
      return { reached: 'nothing', error: stream, reasonCode: undefined, refusedFilters: [] };
    }
    const session = openSession(connection, this.#secureContext, {
      protocolVersion,
      filters,
      stream,
      onSubscribed,
      onMessage,
      timing,
    });
    this.#session = session;
    const ending = await session.ended;
    this.#ingestBefore = this.ingest();
    this.#session = undefined;
    return ending;
  }
}

/** A stream that comes when nobody waits for it any more is ended. Throws what the way throws. */
async function openWay({ way }: BrokerConnection, stopping: AbortSignal): Promise<Duplex | undefined> {
  if (!way) return undefined;
  const opening = way.open();
  const stopped = Promise.withResolvers<never>();
  const stop = () => {
    stopped.reject(stopping.reason);
    opening.then(
      (stream) => stream.destroy(),
      () => {},
    );
  };
  stopping.addEventListener('abort', stop);
  try {
    const stream = await Promise.race([opening, stopped.promise]);
    stopping.throwIfAborted();
    return stream;
  } finally {
    stopping.removeEventListener('abort', stop);
  }
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error('there is no way to it'));
