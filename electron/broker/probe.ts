// Asks a broker the way a client does. A probe tells three answers apart, because a broker that cannot be reached has
// not refused anybody:
// - accepted: CONNACK said yes, and the connection still stood a moment later;
// - refused: CONNACK said no, or the broker ended the connection by a TLS alert or after the handshake. In TLS 1.3 a
//   client counts itself connected before the broker has looked at its certificate;
// - unreachable: everything else, also a broker whose own certificate is wrong, and one that hangs up without TLS.

import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type IClientOptions, MqttClient } from 'mqtt';
import { ConsoleError } from '../../shared/model/errors.ts';
import { openTransport, type ProbeTransport } from './probe-transport.ts';

export type ProbeListener = ProbeTransport & {
  readonly host: string;
  readonly port: number;
  /** The way there, where `host` and `port` cannot be connected to from here. */
  readonly openStream?: (() => Promise<Duplex>) | undefined;
};

/** What a client shows: a certificate, or a username with a password or token. */
export type ProbeIdentity = {
  readonly clientId: string;
  readonly certificatePem?: string | undefined;
  readonly keyPem?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
};

export type ProbeAnswer =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused' | 'unreachable'; readonly reason: string };

export type ProbeClient = { readonly listener: ProbeListener; readonly identity: ProbeIdentity };

/** leaked: it got through. silent: it did not, although it would have been seen. unproven: nothing could be seen. */
export type IsolationAnswer = 'silent' | 'leaked' | 'unproven';

const defaultTimeoutMs = 8_000;
const settleMs = 150;
const endedReason = 'the broker ended the connection after the handshake';

/** Whether the broker lets this identity in. Never throws for what the broker does. */
export async function probeConnect(
  listener: ProbeListener,
  identity: ProbeIdentity,
  { timeoutMs = defaultTimeoutMs }: { timeoutMs?: number } = {},
): Promise<ProbeAnswer> {
  const session = new ProbeSession(listener, identity, timeoutMs);
  try {
    return await session.open();
  } finally {
    await session.close();
  }
}

/**
 * Whether `outsider` can read what `owner` says on `topic`. `witness` must be allowed to: it proves that something was
 * said. Silence is certain then, since the broker answers the outsider once more after it served the witness.
 */
export async function probeRead(
  parts: { owner: ProbeClient; outsider: ProbeClient; witness: ProbeClient; topic: string },
  { timeoutMs = defaultTimeoutMs }: { timeoutMs?: number } = {},
): Promise<IsolationAnswer> {
  return withSessions([parts.owner, parts.outsider, parts.witness], timeoutMs, async ([owner, outsider, witness]) => {
    await Promise.all([outsider.subscribe(parts.topic), witness.subscribe(parts.topic)]);
    const said = await owner.say(parts.topic);
    const wasSeen = await witness.hears(said, timeoutMs);
    await outsider.roundTrip();
    if (outsider.hasHeard(said)) return 'leaked';
    return wasSeen ? 'silent' : 'unproven';
  });
}

/**
 * Whether `outsider` can speak on `topic`, which is `owner`'s. `witness` must be allowed to read it; it hears the owner
 * afterwards, so it would have heard the outsider before.
 */
export async function probeWrite(
  parts: { owner: ProbeClient; outsider: ProbeClient; witness: ProbeClient; topic: string },
  { timeoutMs = defaultTimeoutMs }: { timeoutMs?: number } = {},
): Promise<IsolationAnswer> {
  return withSessions([parts.owner, parts.outsider, parts.witness], timeoutMs, async ([owner, outsider, witness]) => {
    await witness.subscribe(parts.topic);
    const forged = await outsider.say(parts.topic);
    const said = await owner.say(parts.topic);
    const wasSeen = await witness.hears(said, timeoutMs);
    if (witness.hasHeard(forged)) return 'leaked';
    return wasSeen ? 'silent' : 'unproven';
  });
}

/**
 * Whether `listener` hears on `filter` what `speaker` says on `topic`: so the speaker may write there, and the listener
 * read. Silence counts only when both were connected.
 */
export async function probeDelivery(
  parts: { speaker: ProbeClient; listener: ProbeClient; topic: string; filter: string },
  { timeoutMs = defaultTimeoutMs }: { timeoutMs?: number } = {},
): Promise<'heard' | 'silent' | 'unproven'> {
  return withSessions([parts.speaker, parts.listener], timeoutMs, async ([speaker, listener]) => {
    await listener.subscribe(parts.filter);
    const said = await speaker.say(parts.topic);
    return (await listener.hears(said, timeoutMs)) ? 'heard' : 'silent';
  });
}

type SessionsOf<Clients extends readonly ProbeClient[]> = { readonly [Index in keyof Clients]: ProbeSession };

async function withSessions<const Clients extends readonly ProbeClient[], Answer>(
  clients: Clients,
  timeoutMs: number,
  work: (sessions: SessionsOf<Clients>) => Promise<Answer>,
): Promise<Answer | 'unproven'> {
  const sessions = clients.map(({ listener, identity }) => new ProbeSession(listener, identity, timeoutMs));
  try {
    const answers = await Promise.all(sessions.map((session) => session.open()));
    if (answers.some((answer) => answer.outcome !== 'accepted')) return 'unproven';
    const answer = work(sessions as SessionsOf<Clients>);
    return await Promise.race([answer, delay(timeoutMs * 2, 'unproven' as const, { ref: false })]);
  } catch {
    return 'unproven';
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
}

const reasonOf = (error: unknown): string => (error instanceof ConsoleError ? error.code : 'there is no way to it');

/** One connection, its own socket included, so that it is known how far it came. */
class ProbeSession {
  readonly #client: MqttClient;
  readonly #openStream: ProbeListener['openStream'];
  #stream: Duplex | undefined;
  #hasBegun = false;
  readonly #heard = new Set<string>();
  readonly #timeoutMs: number;
  #isSecure = false;
  #socketError: (Error & { code?: unknown }) | undefined;
  #isRefusedLater = false;
  #waiting: (() => void)[] = [];

  constructor(listener: ProbeListener, identity: ProbeIdentity, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#openStream = listener.openStream;
    const options: IClientOptions = {
      clientId: identity.clientId,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: timeoutMs,
      manualConnect: true,
      ...(identity.username !== undefined && { username: identity.username }),
      ...(identity.password !== undefined && { password: identity.password }),
    };
    this.#client = new MqttClient(() => this.#openSocket(listener, identity), options);
    this.#client.on('error', () => {});
    this.#client.on('message', (_topic, payload) => {
      this.#heard.add(payload.toString('utf8'));
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  #openSocket(listener: ProbeListener, certificate: ProbeIdentity): Duplex {
    const socket = openTransport(listener, {
      certificate,
      stream: this.#stream,
      timeoutMs: this.#timeoutMs,
      onSecure: () => {
        this.#isSecure = true;
      },
    });
    // mqtt.js passes on only some errors of its stream; a TLS alert is not among them.
    socket.once('error', (error) => {
      this.#socketError = error;
    });
    return socket;
  }

  async open(): Promise<ProbeAnswer> {
    try {
      this.#stream = await this.#openStream?.();
    } catch (error) {
      return { outcome: 'unreachable', reason: reasonOf(error) };
    }
    const answer = await this.#connect();
    if (answer.outcome !== 'accepted') return answer;
    this.#client.once('close', () => {
      this.#isRefusedLater = true;
    });
    await delay(settleMs);
    return this.#isRefusedLater ? this.#refusedUnlessCutOff('the broker ended the session at once') : answer;
  }

  async #connect(): Promise<ProbeAnswer> {
    const answer = await new Promise<ProbeAnswer>((resolve) => {
      const timer = setTimeout(
        () => resolve({ outcome: 'unreachable', reason: 'the broker did not answer in time' }),
        this.#timeoutMs,
      );
      const settle = (result: ProbeAnswer) => {
        clearTimeout(timer);
        resolve(result);
      };
      this.#client.once('connect', () => settle({ outcome: 'accepted' }));
      this.#client.once('error', (error) => settle(this.#judge(error)));
      this.#client.once('close', () => settle(this.#judge(this.#socketError)));
      this.#hasBegun = true;
      this.#client.connect();
    });
    return answer.outcome === 'refused' && answer.reason === endedReason
      ? this.#refusedUnlessCutOff(endedReason)
      : answer;
  }

  /** A connection that is carried by another one may have ended with that: then nobody was refused. */
  async #refusedUnlessCutOff(reason: string): Promise<ProbeAnswer> {
    try {
      (await this.#openStream?.())?.destroy();
      return { outcome: 'refused', reason };
    } catch (error) {
      return { outcome: 'unreachable', reason: reasonOf(error) };
    }
  }

  #judge(error: (Error & { code?: unknown }) | undefined): ProbeAnswer {
    const code = error?.code;
    if (typeof code === 'number') return { outcome: 'refused', reason: `CONNACK ${code}` };
    if (typeof code === 'string' && /ALERT/.test(code)) return { outcome: 'refused', reason: code };
    if (this.#isSecure) return { outcome: 'refused', reason: endedReason };
    return { outcome: 'unreachable', reason: typeof code === 'string' ? code : 'the connection was closed' };
  }

  /** A broker that refuses the subscription keeps just as silent as one that delivers nothing. */
  async subscribe(topic: string): Promise<void> {
    await this.#client.subscribeAsync(topic, { qos: 1 }).catch(() => {});
  }

  /** Publishes something unmistakable; returns it. */
  async say(topic: string): Promise<string> {
    const text = JSON.stringify({ probe: crypto.randomUUID() });
    await this.#client.publishAsync(topic, text, { qos: 1 });
    return text;
  }

  hasHeard(text: string): boolean {
    return this.#heard.has(text);
  }

  async hears(text: string, timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (!this.hasHeard(text) && Date.now() < deadline) {
      const woken = new Promise<void>((resolve) => this.#waiting.push(resolve));
      await Promise.race([woken, delay(deadline - Date.now(), undefined, { ref: false })]);
    }
    return this.hasHeard(text);
  }

  /** Whatever the broker had for this client before has arrived when this is done. */
  async roundTrip(): Promise<void> {
    await this.subscribe(`probe/${crypto.randomUUID()}`);
    await delay(settleMs);
  }

  async close(): Promise<void> {
    // One that never had a stream cannot be ended.
    if (this.#hasBegun) await this.#client.endAsync(true);
  }
}
