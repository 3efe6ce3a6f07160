// What a window may send over its WebSocket: oRPC's envelope, before oRPC reads it.
// oRPC's own complaint about a message that is none quotes the message, and a message may hold a passphrase.
// A text is the envelope as JSON; a binary message is the same, the byte 0xFF (which UTF-8 never uses), and a body.

import { z } from 'zod';

const bodyDelimiter = 0xff;

const request = z.object({
  i: z.string(),
  t: z.literal(1).optional(),
  p: z.object({
    u: z.string().refine((address) => URL.canParse(address.startsWith('/') ? `http://orpc${address}` : address)),
    h: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
    m: z.string().optional(),
  }),
});

const streamEvent = z.object({
  i: z.string(),
  t: z.literal(3),
  p: z.object({ e: z.enum(['message', 'error', 'done']) }),
});

const abort = z.object({ i: z.string(), t: z.literal(4) });

const envelope = z.union([request, streamEvent, abort]);

/** The text before the body. Null when it is not UTF-8. */
function jsonPartOf(message: Uint8Array): string | null {
  const end = message.indexOf(bodyDelimiter);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(end === -1 ? message : message.subarray(0, end));
  } catch {
    return null;
  }
}

/** Whether a message, text or binary, is a call, an event of a stream, or the end of a call. */
export function isCallEnvelope(message: string | ArrayBuffer): boolean {
  const text = typeof message === 'string' ? message : jsonPartOf(new Uint8Array(message));
  if (text === null) return false;
  try {
    return envelope.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
