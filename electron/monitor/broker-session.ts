// One connection to a broker, from the TCP handshake to its end; trying again is the business of broker-link.ts.
// - The socket is made here and not by mqtt.js, which would take a proxy from the environment. Where there is another
//   way to the broker, it is a stream that was opened before.
// - Subscriptions ask for QoS 0: at a higher one the broker waits for acknowledgements, at most 20 in flight, and
//   drops unseen what piles up behind them. A watcher must not slow the broker down, nor lose what is not counted.
// - mqtt.js logs every payload through `debug`; its log is replaced by nothing.

import { connect as connectTcp, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect as connectTls, createSecureContext, type SecureContext } from 'node:tls';
import { MqttClient } from 'mqtt';
import { ConsoleError } from '../../shared/model/errors.ts';

type TlsIdentity = {
  /** The name or address that the broker's certificate must carry. */
  readonly servername: string;
  readonly caPem: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
};

/** For a broker without TLS. */
type PasswordIdentity = { readonly username: string; readonly password: string };

/** To a broker that `host` and `port` cannot be connected to from here. */
export type StreamWay = {
  /** Each call answers a new stream to the broker's port. Throws `ConsoleError`. */
  readonly open: () => Promise<Duplex>;
  /** Nobody needs the way for now. */
  readonly close: () => void;
};

export type BrokerConnection = (TlsIdentity | PasswordIdentity) & {
  readonly host: string;
  readonly port: number;
  readonly clientId: string;
  /** 5 falls back to 4 (MQTT 3.1.1) when the broker does not speak 5. */
  readonly protocolVersion: ProtocolVersion;
  readonly way?: StreamWay | undefined;
};

export type ProtocolVersion = 4 | 5;

export type MessageListener = (
  topic: string,
  payload: Uint8Array,
  packet: { readonly qos: 0 | 1 | 2; readonly retain: boolean },
) => void;

/** What one session is about. */
export type SessionOptions = {
  readonly protocolVersion: ProtocolVersion;
  readonly filters: readonly string[];
  /** Opened by the connection's way, if it has one. */
  readonly stream: Duplex | undefined;
  readonly onSubscribed: () => void;
  readonly onMessage: MessageListener;
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
  /** Never rejects. */
  readonly ended: Promise<SessionEnding>;
  /** Says goodbye to the broker, and hangs up when that takes longer than a second. */
  end(): Promise<void>;
};

const connectTimeoutMs = 15_000;
const farewellMs = 1000;
/** Bounds what one message can occupy before it is seen; a broker that speaks MQTT 5 holds larger ones back. */
const maximumPacketSize = 16 * 1024 * 1024;

/**
 * Reads the PEMs once for all sessions; undefined without TLS. Throws `monitor/connect-failed` when one is none, or the
 * key fits no certificate.
 */
export function secureContextOf(connection: BrokerConnection): SecureContext | undefined {
  if ('password' in connection) return undefined;
  const { caPem, certificatePem, privateKeyPem } = connection;
  try {
    return createSecureContext({ ca: caPem, cert: certificatePem, key: privateKeyPem, minVersion: 'TLSv1.2' });
  } catch (cause) {
    throw new ConsoleError('monitor/connect-failed', { because: 'its own certificate or key is unreadable', cause });
  }
}

export function openSession(
  connection: BrokerConnection,
  secureContext: SecureContext | undefined,
  { protocolVersion, filters, stream, onSubscribed, onMessage }: SessionOptions,
): BrokerSession {
  let reached: SessionEnding['reached'] = 'nothing';
  let error: Error | undefined;
  let reasonCode: number | undefined;
  let refusedFilters: readonly string[] = [];

  const socket = openSocket(connection, secureContext, stream);
  const client = new MqttClient(() => socket, {
    clientId: connection.clientId,
    protocolVersion,
    clean: true,
    keepalive: 30,
    connectTimeout: connectTimeoutMs,
    reconnectPeriod: 0,
    resubscribe: false,
    manualConnect: true,
    timerVariant: 'native',
    log: () => {},
    ...('password' in connection && { username: connection.username, password: connection.password }),
    ...(protocolVersion === 5 && { properties: { maximumPacketSize } }),
  });

  const fail = (cause: Error) => {
    if ('code' in cause && typeof cause.code === 'number') reasonCode ??= cause.code;
    else error ??= cause;
    socket.destroy();
  };
  const ended = new Promise<SessionEnding>((resolve) => {
    socket.once('close', () => resolve({ reached, error, reasonCode, refusedFilters }));
  });
  const isPlain = 'password' in connection;
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
    client.subscribe([...filters], { qos: 0 }, (failure, _subscriptions, suback) => {
      if (failure) {
        refusedFilters = filters.filter((_filter, i) => Number(suback?.granted[i]) >= 128);
        return fail(failure);
      }
      reached = 'subscribed';
      onSubscribed();
    });
  });
  client.connect();

  return {
    ended,
    async end() {
      const hangUp = setTimeout(() => socket.destroy(), farewellMs);
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
  if ('password' in connection) return stream ?? connectTcp({ host, port });
  const { servername } = connection;
  return connectTls({
    ...(stream ? { socket: stream } : { host, port }),
    secureContext,
    rejectUnauthorized: true,
    checkServerIdentity: (_host, certificate) => checkServerIdentity(servername, certificate),
    ...(isIP(servername) === 0 && { servername }),
  });
}
