import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConsoleError } from '../../shared/model/errors.ts';
import { endOfSlice } from '../platform/slices.ts';

/** RFC 7468. OpenSSL refuses a CRL under any other label than `X509 CRL`. */
export type PemLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'X509 CRL' | 'PRIVATE KEY' | 'ENCRYPTED PRIVATE KEY';

/** RFC 7468 text: 64 characters a line, a line feed at the end. */
export function toPem(label: PemLabel, der: Uint8Array): string {
  const lines =
    Buffer.from(der.buffer, der.byteOffset, der.byteLength)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

const lineOctets = 48;
const linesAtOnce = 500;

/** The same text for what may have megabytes; the event loop turns now and then. */
export async function toLongPem(label: PemLabel, der: Buffer): Promise<string> {
  const parts = [`-----BEGIN ${label}-----`];
  for (let start = 0; start < der.length; start += lineOctets * linesAtOnce) {
    const base64 = der.subarray(start, start + lineOctets * linesAtOnce).toString('base64');
    parts.push(base64.replaceAll(/.{64}(?=.)/g, '$&\n'));
    await nextTurn();
  }
  parts.push(`-----END ${label}-----\n`);
  return parts.join('\n');
}

/** The one block of this label in `text`. Throws `authority/invalid-material` when there is none, or more than one. */
export function fromPem(label: PemLabel, text: string): Buffer {
  const blocks = [
    ...text.matchAll(new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]*)-----END ${label}-----`, 'g')),
  ];
  const base64 = blocks[0]?.[1];
  if (base64 === undefined || blocks.length > 1) throw notOne(label);
  return Buffer.from(base64, 'base64');
}

const charactersAtOnce = 65_536;

/** The same of a text that may have megabytes; the event loop turns now and then. */
export async function fromLongPem(label: PemLabel, text: string): Promise<Buffer<ArrayBuffer>> {
  const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`];
  const start = text.indexOf(begin) + begin.length;
  const stop = text.indexOf(end, start);
  if (start < begin.length || stop === -1 || text.includes(begin, stop)) throw notOne(label);
  const isOver = endOfSlice();
  const parts: Buffer[] = [];
  let left = '';
  for (let at = start; at < stop; at += charactersAtOnce) {
    const base64 = left + text.slice(at, Math.min(at + charactersAtOnce, stop)).replaceAll(/\s+/g, '');
    const isLast = at + charactersAtOnce >= stop;
    if (!(isLast ? /^[A-Za-z0-9+/]*={0,2}$/ : /^[A-Za-z0-9+/]*$/).test(base64)) throw notOne(label);
    const whole = isLast ? base64.length : base64.length - (base64.length % 4);
    parts.push(Buffer.from(base64.slice(0, whole), 'base64'));
    left = base64.slice(whole);
    await isOver();
  }
  return Buffer.concat(parts);
}

const notOne = (label: PemLabel): ConsoleError =>
  new ConsoleError('authority/invalid-material', { because: `expected exactly one PEM block "${label}"` });
