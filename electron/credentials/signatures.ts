// Signed messages of Voke's protocol: HMAC-SHA256 over the joined parts, 64 hex digits in `sig`.
// Key and text as UTF-8; which parts in which order is data in shared/model/telemetry.ts.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { type SignedMessageKind, textToSign } from '../../shared/model/telemetry.ts';
import { randomAlphanumeric } from '../platform/random.ts';

type Message = Readonly<Record<string, unknown>>;

/** 48 letters and digits: the protocol asks for 32 at least, and 43 hold as many bits as SHA-256. */
export const generateSigningSecret = (): string => randomAlphanumeric(48);

const digest = (kind: SignedMessageKind, plantId: string, message: Message, secret: string): Buffer =>
  createHmac('sha256', secret)
    .update(textToSign(kind, plantId, message), 'utf8')
    .digest();

/** The `sig` of a message. */
export const signMessage = (kind: SignedMessageKind, plantId: string, message: Message, secret: string): string =>
  digest(kind, plantId, message, secret).toString('hex');

/** Whether `message.sig` is right. False, never an error: messages come from the network. */
export function verifySignature(kind: SignedMessageKind, plantId: string, message: Message, secret: string): boolean {
  const { sig } = message;
  if (typeof sig !== 'string' || !/^[0-9a-f]{64}$/i.test(sig)) return false;
  try {
    return timingSafeEqual(Buffer.from(sig, 'hex'), digest(kind, plantId, message, secret));
  } catch {
    // Values that have no text, such as {"toString":1}, or that nest too deep to be written.
    return false;
  }
}
