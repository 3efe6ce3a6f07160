// One connection to a broker, from the TCP handshake to its end; trying again is the business of broker-link.ts.
// - The socket is made here and not by mqtt.js, which would take a proxy from the environment. Where there is another
//   way to the broker, it is a stream that was opened before.
// - Subscriptions ask for QoS 0: at a higher one the broker waits for acknowledgements, at most 20 in flight, and
//   drops unseen what piles up behind them. A watcher must not slow the broker down, nor lose what is not counted.
// - What the broker drops is asked of it besides, and no answer is an answer too.
// - mqtt.js logs every payload through `debug`; its log is replaced by nothing.

import { connect as connectTcp, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect as connectTls, createSecureContext, type SecureContext } from 'node:tls';
import { type IPublishPacket, MqttClient } from 'mqtt';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { OutgoingMessage, PublishAnswer } from '../../shared/model/publish.ts';
import { filterMatchesTopic } from '../../shared/model/topics.ts';
import { type IngestCounts, PacedStream } from './ingest/paced-stream.ts';
import { publishOver } from './publish-over.ts';

type TlsServer = {
  /** The name or address that the broker's certificate must carry. */
  readonly servername: string;
  readonly caPem: string;
};

type Certificate = { readonly certificatePem: string; readonly privateKeyPem: string };

/** The password may be a token. */
type Login = { readonly username: string; readonly password: string };

/** A login without a server to verify is for a broker without TLS. */
type Identity = (TlsServer & Certificate) | (TlsServer & Login) | Login;

/** To a broker that `host` and `port` cannot be connected to from here. */
export type StreamWay = {
  /** Each call answers a new stream to the broker's port. Throws `ConsoleError`. */
  readonly open: () => Promise<Duplex>;
  /** Nobody needs the way for now. */
  readonly close: () => void;
};

export type BrokerConnection = Identity & {
  readonly host: string;
  readonly port: number;
  readonly clientId: string;
  /** 4 is MQTT 3.1.1; auto is 5, and 4 when the broker does not speak 5. */
  readonly protocolVersion: ProtocolVersion | 'auto';
  readonly way?: StreamWay | undefined;
};

export type ProtocolVersion = 4 | 5;

export type MessageListener = (
  topic: string,
  payload: Uint8Array,
  packet: Pick<IPublishPacket, 'qos' | 'retain' | 'properties'>,
) => void;

/** What one session is about. */
export type SessionOptions = {
  readonly protocolVersion: ProtocolVersion;
  readonly filters: readonly string[];
  /** Opened by the connection's way, if it has one. */
  readonly stream: Duplex | undefined;
  readonly onSubscribed: () => void;
  readonly onMessage: MessageListener;
  readonly timing?: SessionTiming;
};

export type SessionTiming = {
  /** From the first try to the broker's CONNACK. */
  readonly connectMs: number;
  /** A broker that answers the keep-alive but not the subscription would be waited for for ever. */
  readonly subscribeMs: number;
  /** MQTT 5, section 3.1.2.10. A broker that answers nothing is given up after one and a half times that. */
  readonly keepAliveSeconds: number;
  readonly farewellMs: number;
};

export const sessionTiming: SessionTiming = {
  connectMs: 15_000,
  subscribeMs: 15_000,
  keepAliveSeconds: 30,
  farewellMs: 1000,
};

/** How far a session came, and what ended it. Where there is no TLS, `tcp` comes in its place. */
export type SessionEnding = {
  readonly reached: 'nothing' | 'tcp' | 'tls' | 'connack' | 'subscribed';
  /** The first error of the way, the socket or TLS; undefined when the broker just closed. */
  readonly error: Error | undefined;
  /** The reason code of CONNACK or DISCONNECT (MQTT 5 section 2.4, or 3.1.1 section 3.2.2.3). */
  readonly reasonCode: number | undefined;
  readonly refusedFilters: readonly string[];
};

export type BrokerSession = {
  /** Throws `monitor/not-connected`, and `publish/unanswered` when the broker says nothing to it in time. */
  readonly publish: (message: OutgoingMessage) => Promise<PublishAnswer>;
  /** Never rejects. */
  readonly ended: Promise<SessionEnding>;
  readonly ingest: () => IngestCounts;
  /** Says goodbye to the broker, and hangs up when that takes too long. */
  end(): Promise<void>;
};

/**
 * Bounds what one message can occupy before it is seen. The broker is not told: it would hold larger ones back, and
 * nobody would count them.
 */
const maxMessageBytes = 16 * 1024 * 1024;
const maxPropertyBytes = 64 * 1024;
/** Mosquitto counts here what it dropped. */
export const droppedByBroker = '$SYS/broker/publish/messages/dropped';

/**
 * Reads the PEMs once for all sessions; undefined without TLS. Throws `monitor/connect-failed` when one is none, or the
 * key fits no certificate.
 */
export function secureContextOf(connection: BrokerConnection): SecureContext | undefined {
  if (!('caPem' in connection)) return undefined;
  const own =
    'certificatePem' in connection ? { cert: connection.certificatePem, key: connection.privateKeyPem } : undefined;
  try {
    return createSecureContext({ ca: connection.caPem, ...own, minVersion: 'TLSv1.2' });
  } catch (cause) {
    throw new ConsoleError('monitor/connect-failed', { because: 'its own certificate or key is unreadable', cause });
  }
}

export function openSession(
  connection: BrokerConnection,
  secureContext: SecureContext | undefined,
  { protocolVersion, filters, stream, onSubscribed, onMessage, timing = sessionTiming }: SessionOptions,
): BrokerSession {
  let reached: SessionEnding['reached'] = 'nothing';
  let error: Error | undefined;
  let reasonCode: number | undefined;
  let refusedFilters: readonly string[] = [];

  const socket = openSocket(connection, secureContext, stream);
  const paced = new PacedStream(socket, {
    packetBytes: maxMessageBytes,
    propertyBytes: protocolVersion === 5 ? maxPropertyBytes : null,
  });
  const client = new MqttClient(() => paced, {
    clientId: connection.clientId,
    protocolVersion,
    clean: true,
    keepalive: timing.keepAliveSeconds,
    connectTimeout: timing.connectMs,
    reconnectPeriod: 0,
    resubscribe: false,
    manualConnect: true,
    timerVariant: 'native',
    log: () => {},
    ...('password' in connection && { username: connection.username, password: connection.password }),
  });

  const fail = (cause: Error) => {
    if ('code' in cause && typeof cause.code === 'number') reasonCode ??= cause.code;
    else error ??= cause;
    socket.destroy();
  };
  const ended = new Promise<SessionEnding>((resolve) => {
    socket.once('close', () => resolve({ reached, error, reasonCode, refusedFilters }));
  });
  const isPlain = !('caPem' in connection);
  if (isPlain && stream) reached = 'tcp';
  socket.once(isPlain ? 'connect' : 'secureConnect', () => {
    reached = isPlain ? 'tcp' : 'tls';
  });
  socket.on('error', fail);
  client.on('error', fail);
  client.on('disconnect', (packet) => {
    reasonCode ??= packet.reasonCode;
  });
  client.on('message', onMessage);
  client.on('connect', () => {
    reached = 'connack';
    const silence = setTimeout(() => fail(new Error('suback timeout')), timing.subscribeMs);
    socket.once('close', () => clearTimeout(silence));
    client.subscribe([...filters], { qos: 0 }, (failure, _subscriptions, suback) => {
      clearTimeout(silence);
      if (failure) {
        refusedFilters = filters.filter((_filter, i) => Number(suback?.granted[i]) >= 128);
        return fail(failure);
      }
      reached = 'subscribed';
      onSubscribed();
      if (!filters.some((filter) => filterMatchesTopic(filter, droppedByBroker))) {
        client.subscribe(droppedByBroker, { qos: 0 }, () => {});
      }
    });
  });
  client.connect();

  return {
    publish: (message) => publishOver(client, message, ended),
    ended,
    ingest: () => paced.counts(),
    async end() {
      const hangUp = setTimeout(() => socket.destroy(), timing.farewellMs);
      if (client.connected) client.end();
      else socket.destroy();
      await ended;
      clearTimeout(hangUp);
    },
  };
}

/** Verifies the broker against the given authority and name only. An address is no server name (RFC 6066, section 3). */
function openSocket(
  connection: BrokerConnection,
  secureContext: SecureContext | undefined,
  stream: Duplex | undefined,
): Duplex {
  const { host, port } = connection;
  if (!('caPem' in connection)) return stream ?? connectTcp({ host, port });
  const { servername } = connection;
  return connectTls({
    ...(stream ? { socket: stream } : { host, port }),
    secureContext,
    rejectUnauthorized: true,
    checkServerIdentity: (_host, certificate) => checkServerIdentity(servername, certificate),
    ...(isIP(servername) === 0 && { servername }),
  });
}
