// MQTT over a stream that stands already, with every answer's code kept.

import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { MqttClient } from 'mqtt';
import { codeOf, whenClosed } from './network.ts';
import type { PatientIdentity } from './patient.ts';

/** accepted, or why not. `code`: of CONNACK or DISCONNECT (MQTT 5, 2.4; 3.1.1, 3.2.2.3), or an error code of the socket. */
export type ConnectAnswer =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused' | 'ended'; readonly code: number }
  | { readonly outcome: 'closed'; readonly errorCode: string }
  | { readonly outcome: 'silent' };

/** Two clients with one client id end each other within this time. */
const settleMs = 400;

/** What the client is sent beside its own messages is of no use. The broker keeps to it in MQTT 5 (3.1.2.11.4). */
const maximumPacketSize = 1024 * 1024;
/** From one that does not, or in MQTT 3.1.1 knows of no limit, no more than this is taken in all. */
const mostBytes = 8 * 1024 * 1024;

const markBeginning = '{"connectionTest":"';
const markLength = 36;

/** With which a message begins that is known again. */
export const newMark = (): string =>
  markBeginning +
  randomBytes(9)
    .toString('hex')
    .slice(0, markLength - markBeginning.length);

export class MqttTalk {
  readonly #client: MqttClient;
  readonly #stream: Duplex;
  readonly #timeoutMs: number;
  readonly #heard = new Set<string>();
  #lastMessageAt = 0;
  #errorCode = '';
  #disconnectCode: number | undefined;
  #isClosed = false;

  constructor(stream: Duplex, identity: Partial<PatientIdentity>, protocolVersion: 4 | 5, timeoutMs: number) {
    this.#stream = stream;
    this.#timeoutMs = timeoutMs;
    const { clientId = '', username, password } = identity;
    this.#client = new MqttClient(() => limited(stream), {
      clientId,
      protocolVersion,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: timeoutMs,
      manualConnect: true,
      log: () => {},
      ...(protocolVersion === 5 && { properties: { maximumPacketSize } }),
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    });
    stream.on('error', (error) => {
      this.#errorCode ||= codeOf(error);
    });
    stream.once('close', () => {
      this.#isClosed = true;
    });
    this.#client.on('error', () => {});
    this.#client.on('disconnect', ({ reasonCode }) => {
      this.#disconnectCode ??= reasonCode;
    });
    this.#client.on('message', (_topic, payload) => {
      this.#lastMessageAt = performance.now();
      // A broker may send anything, and as much as it likes.
      const mark = payload.subarray(0, markLength).toString('latin1');
      if (mark.startsWith(markBeginning)) this.#heard.add(mark);
    });
  }

  /** `accepted` also means that it still stood a moment later; without `settles` nobody waits for that. */
  async connect({ settles = true }: { readonly settles?: boolean } = {}): Promise<ConnectAnswer> {
    const answer = await new Promise<ConnectAnswer>((resolve) => {
      const timer = setTimeout(() => resolve({ outcome: 'silent' }), this.#timeoutMs);
      const settle = (result: ConnectAnswer) => {
        clearTimeout(timer);
        resolve(result);
      };
      this.#client.once('connect', () => settle({ outcome: 'accepted' }));
      this.#client.once('error', (error) => {
        const code: unknown = 'code' in error ? error.code : undefined;
        if (typeof code === 'number') settle({ outcome: 'refused', code });
        else settle(this.ending());
      });
      this.#stream.once('close', () => settle(this.ending()));
      this.#client.connect();
    });
    if (answer.outcome !== 'accepted' || !settles) return answer;
    await Promise.race([delay(settleMs, undefined, { ref: false }), whenClosed(this.#stream)]);
    return this.#isClosed ? this.ending() : answer;
  }

  get isOpen(): boolean {
    return !this.#isClosed;
  }

  /** How the connection ended. */
  ending(): ConnectAnswer {
    return this.#disconnectCode === undefined
      ? { outcome: 'closed', errorCode: this.#errorCode }
      : { outcome: 'ended', code: this.#disconnectCode };
  }

  /** The code of SUBACK; from 128 on it is a refusal. Undefined when there was no answer. */
  async subscribe(topic: string): Promise<number | undefined> {
    return await this.#within(
      new Promise<number | undefined>((resolve) => {
        this.#client.subscribe(topic, { qos: 1 }, (error, _granted, packet) => {
          const [code] = packet?.granted ?? [];
          resolve(typeof code === 'number' ? code : error ? undefined : 0);
        });
      }),
    );
  }

  /**
   * The code of PUBACK, which MQTT 3.1.1 has none of. `too-large`: the broker said before that it takes no such message,
   * or answered with Mosquitto's 149, which MQTT 5 knows in no PUBACK (3.4.2.1), so that mqtt.js does not read it.
   */
  async publish(topic: string, payload: Buffer): Promise<number | 'too-large' | undefined> {
    return await this.#within(
      new Promise<number | 'too-large' | undefined>((resolve) => {
        this.#client.publish(topic, payload, { qos: 1, retain: false }, (error) => {
          if (!error) return resolve(0);
          if (/packets? size/i.test(error.message)) return resolve('too-large');
          const code: unknown = 'code' in error ? error.code : undefined;
          resolve(typeof code === 'number' ? code : undefined);
        });
        this.#client.once('error', ({ message }) => {
          if (/puback.*reason code/i.test(message)) resolve('too-large');
        });
      }),
    );
  }

  /**
   * Whether a message that begins with this mark came. It is waited for until nothing has come for `quietMs`: behind a
   * flood it stands in a queue of the broker, and one that is late is not one that may not be read.
   */
  async hears(mark: string, quietMs: number): Promise<boolean> {
    const beganAt = performance.now();
    const isOver = () => {
      const now = performance.now();
      return now - Math.max(beganAt, this.#lastMessageAt) >= quietMs || now - beganAt >= this.#timeoutMs;
    };
    while (!this.#heard.has(mark) && this.isOpen && !isOver()) await delay(20);
    return this.#heard.has(mark);
  }

  async close(): Promise<void> {
    if (this.#client.connected) await Promise.race([this.#client.endAsync(), delay(500, undefined, { ref: false })]);
    this.#client.end(true);
    this.#stream.destroy();
  }

  #within<T>(answer: Promise<T>): Promise<T | undefined> {
    const gone = whenClosed(this.#stream).then(() => undefined);
    return Promise.race([answer, gone, delay(this.#timeoutMs, undefined, { ref: false })]);
  }
}

/** The stream itself, which ends with `EMSGSIZE` when too much comes: the client would collect a packet of 256 MB. */
function limited(stream: Duplex): Duplex {
  let taken = 0;
  stream.on('data', (chunk: Buffer) => {
    taken += chunk.byteLength;
    if (taken > mostBytes) stream.destroy(Object.assign(new Error('too much was sent'), { code: 'EMSGSIZE' }));
  });
  return stream;
}
