// The acknowledgement of one command, by its `cmdId`. Listening begins before the command leaves: a plant may be quick.
// One with a wrong signature is told and not believed: the console goes on waiting for the plant's own.

import type { CommandProgress } from '../../shared/model/publish.ts';
import { plantTopic } from '../../shared/model/topics.ts';
import type { Monitor, SignatureState } from '../monitor/monitor.ts';
import type { Clock } from '../platform/clock.ts';
import { parseObject } from './plant-watches.ts';

type Options = {
  readonly monitor: Pick<Monitor, 'onMessage'>;
  readonly plantId: string;
  readonly cmdId: string;
  readonly clock: Clock;
  /** From the first question for what was heard. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly checkSignature: (topic: string, payload: Uint8Array) => SignatureState;
};

/** Larger ones are none; Voke's protocol allows 8 KB. */
const maxAckBytes = 8192;
/** An impostor could send them without end. */
const maxWrongAcks = 5;

/** Listens from now on; `end` stops it. */
export function followAck({ monitor, plantId, cmdId, clock, timeoutMs, signal, checkSignature }: Options): {
  readonly heard: AsyncGenerator<CommandProgress, void, undefined>;
  readonly end: () => void;
} {
  const topic = plantTopic(plantId, 'ack');
  const since = clock.now().getTime();
  const waiting: CommandProgress[] = [];
  let wake = Promise.withResolvers<void>();
  let wrong = 0;
  const end = monitor.onMessage((message) => {
    if (message.topic !== topic || message.payload.byteLength > maxAckBytes || wrong >= maxWrongAcks) return;
    const ack = parseObject(message.payload);
    if (ack?.cmdId !== cmdId) return;
    const signature = checkSignature(topic, message.payload);
    if (signature === 'invalid') wrong++;
    const told = [ack.err, ack.msg].filter((part) => part !== undefined && part !== null);
    waiting.push({
      state: 'acknowledged',
      status: wordsOf(ack.st),
      detail: told.length > 0 ? told.map(wordsOf).join(': ') : null,
      signature,
      afterMs: Math.max(0, clock.now().getTime() - since),
    });
    wake.resolve();
  });
  return { heard: tell(), end };

  async function* tell(): AsyncGenerator<CommandProgress, void, undefined> {
    const stop = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const stopped = new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
    for (;;) {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        yield next;
        if (next.state === 'acknowledged' && next.signature !== 'invalid') return;
      }
      if (signal.aborted) return;
      if (stop.aborted) return yield { state: 'silent', seconds: Math.round(timeoutMs / 1000) };
      await Promise.race([wake.promise, stopped]);
      wake = Promise.withResolvers();
    }
  }
}

const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
