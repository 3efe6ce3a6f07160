// The TLS handshake, looked at from outside. The connection is made whatever the broker shows, so that it can be told
// what that is; nothing secret is said over it before the verdict is good.

import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import { codeOf, whenClosed } from './network.ts';
import type { Patient } from './patient.ts';

export type Handshake =
  | {
      readonly socket: TLSSocket;
      readonly protocol: string;
      /** As the broker sent them, its own first. */
      readonly chain: readonly X509Certificate[];
      /** Why the client's authority does not vouch for it (X509 errors of Node's tls). */
      readonly chainError: string | undefined;
      readonly isNameWrong: boolean;
      /** An alert of the broker's that came behind the handshake, as TLS 1.3 has it. */
      readonly alert: () => string | undefined;
    }
  /** `timeout`, `closed`, or an error code of OpenSSL or the socket. */
  | { readonly errorCode: string };

/** Long enough for an alert to come back, short enough for nobody to notice. */
const alertMs = 150;

/** `tls` and `identity` must have been read before: a PEM that is none throws here. */
export async function shakeHands(
  stream: Duplex,
  { tls, identity }: Pick<Patient, 'tls' | 'identity'>,
  timeoutMs: number,
): Promise<Handshake> {
  const serverName = tls?.serverName ?? '';
  const { certificatePem, keyPem } = identity;
  const socket = connect({
    socket: stream,
    ...(tls?.authorityPem !== undefined && { ca: tls.authorityPem }),
    ...(certificatePem !== undefined && keyPem !== undefined && { cert: certificatePem, key: keyPem }),
    ...(isIP(serverName) === 0 && serverName !== '' && { servername: serverName }),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: false,
    // Asked below, beside the chain: Node would tell one of both only.
    checkServerIdentity: () => undefined,
  });
  let errorCode: string | undefined;
  const begun = await new Promise<'secure' | 'timeout' | 'closed'>((resolve) => {
    const timer = setTimeout(() => resolve('timeout'), timeoutMs);
    const settle = (how: 'secure' | 'closed') => {
      clearTimeout(timer);
      resolve(how);
    };
    socket.on('error', (error) => {
      errorCode ??= codeOf(error);
      settle('closed');
    });
    socket.once('close', () => settle('closed'));
    socket.once('secureConnect', () => settle('secure'));
  });
  if (begun !== 'secure') {
    socket.destroy();
    stream.destroy();
    return { errorCode: errorCode || begun };
  }
  const chain = chainOf(socket);
  const [own] = chain;
  const chainError = socket.authorized ? undefined : String(socket.authorizationError ?? 'unknown');
  const isNameWrong = own !== undefined && checkServerIdentity(serverName, socket.getPeerCertificate()) !== undefined;
  const protocol = socket.getProtocol() ?? 'TLS';
  await Promise.race([delay(alertMs, undefined, { ref: false }), whenClosed(socket)]);
  return { socket, protocol, chain, chainError, isNameWrong, alert: () => errorCode };
}

function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: ReturnType<TLSSocket['getPeerCertificate']> | undefined = socket.getPeerCertificate(true);
  const seen = new Set<string>();
  while (next?.raw && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256);
    chain.push(new X509Certificate(next.raw));
    next = 'issuerCertificate' in next ? (next.issuerCertificate as typeof next) : undefined;
  }
  return chain;
}
