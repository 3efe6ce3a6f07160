// The acknowledgement of one command, by its `cmdId`. Listening begins before the command leaves: a plant may be quick.
// - Only what the plant alone can have sent ends the waiting: an acknowledgement with its signature, or, where the broker
//   lets nobody else write there, one without. Others are counted and shown, however many come.
// - A flood of forgeries is told four times a second at most.
// - Silence says something of the plant only where somebody listened all the time.

import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandProgress } from '../../shared/model/publish.ts';
import { plantTopic } from '../../shared/model/topics.ts';
import type { Monitor, SignatureState } from '../monitor/monitor.ts';
import type { Clock } from '../platform/clock.ts';
import { parseObject } from './plant-watches.ts';

type Options = {
  readonly monitor: Pick<Monitor, 'onMessage' | 'connection' | 'onConnection'>;
  readonly plantId: string;
  readonly cmdId: string;
  readonly clock: Clock;
  /** From the first question for what was heard. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly checkSignature: (topic: string, payload: Uint8Array) => SignatureState;
  /** The broker lets nobody else write on a plant's topics. */
  readonly keepsApart: boolean;
};

type Told<State extends CommandProgress['state']> = Extract<CommandProgress, { state: State }>;

/** Larger ones are none; Voke's protocol allows 8 KB. */
const maxAckBytes = 8192;
const maxWords = 500;
const doubtsMs = 250;

/** Voke's public documentation names `st` and not its values: these are words that say yes or no by themselves. */
const yes = /^(?:ok|ack|accepted|done|completed?|executed|success|succeeded)$/i;
const no = /^(?:nack|nok|error|err|failed|failure|rejected|refused|denied|invalid|unsupported|expired)$/i;

/** Listens from now on; `end` stops it. */
export function followAck(options: Options): {
  readonly heard: AsyncGenerator<CommandProgress, void, undefined>;
  readonly end: () => void;
} {
  const { monitor, plantId, cmdId, clock, timeoutMs, signal, checkSignature, keepsApart } = options;
  const topic = plantTopic(plantId, 'ack');
  const since = clock.now().getTime();
  const proof = Promise.withResolvers<void>();
  let believed: Told<'acknowledged'> | undefined;
  let doubted: Told<'doubted'> | undefined;
  let doubt = Promise.withResolvers<void>();
  let heardAll = monitor.connection().state === 'connected';
  const endConnection = monitor.onConnection(({ state }) => {
    heardAll &&= state === 'connected';
  });
  const endMessages = monitor.onMessage((message) => {
    if (believed || message.topic !== topic || message.payload.byteLength > maxAckBytes) return;
    const ack = parseObject(message.payload);
    if (ack?.cmdId !== cmdId) return;
    const signature = checkSignature(topic, message.payload);
    const words = { ...wordsOf(ack), afterMs: Math.max(0, clock.now().getTime() - since) };
    if (signature === 'valid' || (keepsApart && signature !== 'invalid')) {
      believed = { state: 'acknowledged', ...words, outcome: outcomeOf(ack), signature };
      proof.resolve();
    } else {
      doubted = { state: 'doubted', ...words, signature, count: (doubted?.count ?? 0) + 1 };
      doubt.resolve();
    }
  });
  const end = () => {
    endMessages();
    endConnection();
  };
  return { heard: tell(), end };

  async function* tell(): AsyncGenerator<CommandProgress, void, undefined> {
    const stop = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const stopped = new Promise<void>((resolve) => {
      if (stop.aborted) resolve();
      else stop.addEventListener('abort', () => resolve(), { once: true });
    });
    for (let told = 0; ; ) {
      if (!stop.aborted) await Promise.race([proof.promise, doubt.promise, stopped]);
      doubt = Promise.withResolvers();
      if (doubted && doubted.count > told) {
        told = doubted.count;
        yield doubted;
      }
      if (believed) return yield believed;
      if (signal.aborted) return;
      if (stop.aborted) {
        return yield { state: 'silent', seconds: Math.round(timeoutMs / 1000), doubted: told, heardAll };
      }
      if (doubted) await Promise.race([proof.promise, stopped, sleep(doubtsMs)]);
    }
  }
}

type Ack = Readonly<Record<string, unknown>>;

const isSaid = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

function outcomeOf({ st, err }: Ack): Told<'acknowledged'>['outcome'] {
  if (isSaid(err) || (typeof st === 'string' && no.test(st))) return 'rejected';
  return typeof st === 'string' && yes.test(st) ? 'accepted' : 'unclear';
}

function wordsOf({ st, err, msg }: Ack): Pick<Told<'acknowledged'>, 'status' | 'detail'> {
  const told = [err, msg].filter(isSaid);
  return { status: textOf(st), detail: told.length > 0 ? told.map(textOf).join(': ') : null };
}

const textOf = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, maxWords);
