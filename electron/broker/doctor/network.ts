// The first two steps: a name becomes addresses, an address becomes a connection.

import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** The addresses of a host, or the resolver's error code (getaddrinfo(3)); `ETIMEOUT` when it keeps silent. */
export async function lookUp(
  host: string,
  timeoutMs: number,
): Promise<{ readonly addresses: readonly string[] } | { readonly errorCode: string }> {
  if (isIP(host) !== 0) return { addresses: [host] };
  try {
    const found = await Promise.race([lookup(host, { all: true }), delay(timeoutMs, undefined, { ref: false })]);
    return found ? { addresses: found.map(({ address }) => address) } : { errorCode: 'ETIMEOUT' };
  } catch (error) {
    return { errorCode: codeOf(error) || 'EAI_FAIL' };
  }
}

export type Knock =
  | { readonly address: string; readonly socket: Socket }
  /** `ETIMEDOUT` also when nothing came back within the time given. */
  | { readonly address: string; readonly errorCode: string };

/** Opens a TCP connection. Whoever gets a socket ends it. */
export function knock(address: string, port: number, timeoutMs: number): Promise<Knock> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, noDelay: true });
    const timer = setTimeout(() => {
      socket.destroy();
      resolve({ address, errorCode: 'ETIMEDOUT' });
    }, timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      // Whoever takes it over hears its errors; until then one must not end the process.
      socket.on('error', () => {});
      resolve({ address, socket });
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      resolve({ address, errorCode: codeOf(error) || 'ECONNFAILED' });
    });
  });
}

export async function answers(address: string, port: number, timeoutMs: number): Promise<boolean> {
  const result = await knock(address, port, timeoutMs);
  if (!('socket' in result)) return false;
  result.socket.destroy();
  return true;
}

/** Never rejects, whatever error comes before. */
export const whenClosed = (stream: Duplex): Promise<void> =>
  new Promise((resolve) => {
    if (stream.closed) resolve();
    else stream.once('close', () => resolve());
  });
