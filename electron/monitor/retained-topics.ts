// Which retained messages a broker keeps under a filter, asked with a session of its own: a broker sends them upon the
// subscription and marks them, and says nothing when they are through.
// - Mosquitto answers one subscription after the other, in order (tested with 2.0.11 at QoS 0). The session's second
//   subscription, to what the broker dropped, is retained as well: once that comes, all before it was sent.
// - Who may not read that, and other brokers, leave only a moment without another message, which proves nothing.
// - Beyond what the socket takes, Mosquitto queues 1,000 messages for a client and drops the rest unsaid, even at QoS 0.
// - Whoever goes on listening is told of what is published there meanwhile.

import { createHash } from 'node:crypto';
import { ConsoleError } from '../../shared/model/errors.ts';
import { filterMatchesTopic } from '../../shared/model/topics.ts';
import type { BrokerConnection, ProtocolVersion } from './broker-session.ts';
import { droppedByBroker, openSession, secureContextOf } from './broker-session.ts';
import { explainEnding } from './explain-ending.ts';

/** `digest`: of the payload (SHA-256, hex). */
export type RetainedTopic = { readonly topic: string; readonly payloadBytes: number; readonly digest: string };

export type RetainedLook = {
  /** Those that the identity may read, by name. */
  readonly topics: readonly RetainedTopic[];
  /** There are more than one look lists. */
  readonly isCut: boolean;
  /** Nothing proves that the broker sent all. */
  readonly mayBeIncomplete: boolean;
  /** Those of `topics` to which something was published since, with a payload. */
  readonly publishedSince: ReadonlySet<string>;
  end(): Promise<void>;
};

/** How much one look lists, and how long it waits, in milliseconds. */
const limits = { topics: 10_000, topicBytes: 4 * 1024 * 1024, quietMs: 1500, connectMs: 20_000, allMs: 30_000 };
/** Mosquitto's `max_queued_messages` where nothing else is configured. */
const queuedByBroker = 1000;

/** Throws `monitor/connect-failed` when the broker cannot be asked. */
export async function lookAtRetained(
  connection: BrokerConnection,
  protocolVersion: ProtocolVersion,
  filter: string,
): Promise<RetainedLook> {
  const found = new Map<string, RetainedTopic>();
  const publishedSince = new Set<string>();
  let room = limits.topicBytes;
  const done = Promise.withResolvers<'proven' | 'quiet' | 'cut' | 'late'>();
  let quiet: NodeJS.Timeout | undefined;
  const wait = () => {
    clearTimeout(quiet);
    quiet = setTimeout(() => done.resolve('quiet'), limits.quietMs);
  };
  const late = setTimeout(() => done.resolve('late'), limits.connectMs);
  let all: NodeJS.Timeout | undefined;
  const session = openSession(connection, secureContextOf(connection), {
    protocolVersion,
    filters: [filter],
    stream: await connection.way?.open(),
    onSubscribed: () => {
      clearTimeout(late);
      all = setTimeout(() => done.resolve('cut'), limits.allMs);
      wait();
    },
    onMessage: (topic, payload, { retain }) => {
      if (topic === droppedByBroker) return done.resolve('proven');
      if (payload.byteLength === 0 || !filterMatchesTopic(filter, topic)) return;
      if (!retain) {
        if (found.has(topic)) publishedSince.add(topic);
        return;
      }
      room -= Buffer.byteLength(topic);
      if (found.size >= limits.topics || room < 0) return done.resolve('cut');
      const digest = createHash('sha256').update(payload).digest('hex');
      found.set(topic, { topic, payloadBytes: payload.byteLength, digest });
      wait();
    },
  });
  const close = async () => {
    for (const timer of [quiet, late, all]) clearTimeout(timer);
    await session.end();
    connection.way?.close();
  };
  try {
    const end = await Promise.race([done.promise, session.ended.then((ending) => ({ ending }))]);
    if (end === 'late')
      throw new ConsoleError('monitor/connect-failed', { because: 'the broker did not answer in time' });
    if (typeof end === 'object') {
      throw new ConsoleError('monitor/connect-failed', { because: explainEnding(end.ending, connection).reason });
    }
    for (const timer of [quiet, late, all]) clearTimeout(timer);
    return {
      topics: [...found.values()].sort((a, b) => (a.topic < b.topic ? -1 : 1)),
      isCut: end === 'cut',
      mayBeIncomplete: end !== 'proven' || found.size >= queuedByBroker,
      publishedSince,
      end: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
