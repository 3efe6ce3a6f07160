// How a probe gets to the point where MQTT is spoken: TLS, plain TCP, or WebSockets (MQTT 5.0, section 6).
// - Only a broker that has completed a TLS handshake, with a certificate of its own, has said anything by hanging up. On
//   the others anybody may answer, so there a CONNACK alone counts as a refusal.
// - All of it runs over a stream that was opened before, where there is one.

import { isIP, connect as tcpConnect } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect as tlsConnect } from 'node:tls';
import { createWebSocketStream, WebSocket } from 'ws';

export type TlsTransport = {
  readonly protocol?: 'mqtts' | undefined;
  /** Whom the broker's certificate must come from. */
  readonly authorityPem: string;
  /** The name its certificate must bear, when that is not `host`. */
  readonly serverName?: string | undefined;
};

/** What a listener speaks below MQTT. TLS unless said otherwise. */
export type ProbeTransport = TlsTransport | { readonly protocol: 'mqtt' | 'ws' };

type Certificate = { readonly certificatePem?: string | undefined; readonly keyPem?: string | undefined };

/** A probe sends and gets a few bytes; nothing larger needs to be taken. */
const maxPayload = 1024 * 1024;

/** `onSecure`: the broker has shown its certificate, so that hanging up is an answer from then on. */
export function openTransport(
  listener: ProbeTransport & { readonly host: string; readonly port: number },
  options: {
    readonly certificate: Certificate;
    readonly stream: Duplex | undefined;
    readonly timeoutMs: number;
    readonly onSecure: () => void;
  },
): Duplex {
  const { host, port } = listener;
  const { stream, timeoutMs } = options;
  switch (listener.protocol) {
    case 'mqtt':
      return stream ?? tcpConnect({ host, port });
    case 'ws':
      return openWebSocket(host, port, stream, timeoutMs);
    case 'mqtts':
    case undefined: {
      const { authorityPem, serverName: name = host } = listener;
      const { certificatePem, keyPem } = options.certificate;
      const socket = tlsConnect({
        ...(stream ? { socket: stream } : { host, port }),
        ca: authorityPem,
        // By default an address is checked against `host`, which may be another way to the same broker.
        checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
        ...(isIP(name) === 0 && { servername: name }),
        ...(certificatePem !== undefined && { cert: certificatePem }),
        ...(keyPem !== undefined && { key: keyPem }),
        minVersion: 'TLSv1.2',
        rejectUnauthorized: true,
      });
      socket.once('secureConnect', options.onSecure);
      return socket;
    }
  }
}

function openWebSocket(host: string, port: number, stream: Duplex | undefined, handshakeTimeout: number): Duplex {
  const authority = isIP(host) === 6 ? `[${host}]` : host;
  const socket = new WebSocket(`ws://${authority}:${port}/mqtt`, 'mqtt', {
    handshakeTimeout,
    maxPayload,
    perMessageDeflate: false,
    followRedirects: false,
    ...(stream && { createConnection: () => stream }),
  });
  const opened = createWebSocketStream(socket);
  // Only its reading half ends with the connection.
  opened.once('end', () => opened.destroy());
  return opened;
}
