// Which retained messages a broker keeps under a filter, asked with a session of its own: a broker sends them upon the
// subscription and marks them, and says nothing when they are through. So the end is a moment without another one.

import { ConsoleError } from '../../shared/model/errors.ts';
import { filterMatchesTopic } from '../../shared/model/topics.ts';
import type { BrokerConnection, ProtocolVersion } from './broker-session.ts';
import { openSession, secureContextOf } from './broker-session.ts';
import { explainEnding } from './explain-ending.ts';

export type RetainedTopic = { readonly topic: string; readonly payloadBytes: number };

/** How much one look lists, and how long it waits, in milliseconds. */
const limits = { topics: 10_000, topicBytes: 4 * 1024 * 1024, quietMs: 700, connectMs: 20_000, allMs: 30_000 };

/**
 * Those that the identity may read, by name; `isCut` when there are more than one look lists.
 * Throws `monitor/connect-failed` when the broker cannot be asked.
 */
export async function listRetained(
  connection: BrokerConnection,
  protocolVersion: ProtocolVersion,
  filter: string,
): Promise<{ readonly topics: RetainedTopic[]; readonly isCut: boolean }> {
  const found = new Map<string, RetainedTopic>();
  let room = limits.topicBytes;
  let isCut = false;
  const done = Promise.withResolvers<'listed' | 'late'>();
  let quiet: NodeJS.Timeout | undefined;
  const wait = () => {
    clearTimeout(quiet);
    quiet = setTimeout(() => done.resolve('listed'), limits.quietMs);
  };
  const late = setTimeout(() => done.resolve('late'), limits.connectMs);
  let all: NodeJS.Timeout | undefined;
  const session = openSession(connection, secureContextOf(connection), {
    protocolVersion,
    filters: [filter],
    stream: await connection.way?.open(),
    onSubscribed: () => {
      clearTimeout(late);
      all = setTimeout(() => {
        isCut = true;
        done.resolve('listed');
      }, limits.allMs);
      wait();
    },
    onMessage: (topic, payload, { retain }) => {
      if (!retain || payload.byteLength === 0 || !filterMatchesTopic(filter, topic)) return;
      room -= Buffer.byteLength(topic);
      if (found.size >= limits.topics || room < 0) {
        isCut = true;
        return done.resolve('listed');
      }
      found.set(topic, { topic, payloadBytes: payload.byteLength });
      wait();
    },
  });
  const ended = session.ended.then((ending) => ({ ending }));
  try {
    const end = await Promise.race([done.promise, ended]);
    if (end === 'late')
      throw new ConsoleError('monitor/connect-failed', { because: 'the broker did not answer in time' });
    if (typeof end === 'object') {
      throw new ConsoleError('monitor/connect-failed', { because: explainEnding(end.ending, connection).reason });
    }
    return { topics: [...found.values()].sort((a, b) => (a.topic < b.topic ? -1 : 1)), isCut };
  } finally {
    for (const timer of [quiet, late, all]) clearTimeout(timer);
    await session.end();
    connection.way?.close();
  }
}
