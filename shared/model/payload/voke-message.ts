// What a message of Voke's protocol is, by topic and shape: a guess by content alone misfires.
// The names of a cabinet's bits are not published: they are told by number.

import { z } from 'zod';
import { type SignedMessageKind, snapshotSchema } from '../telemetry.ts';
import type { JsonValue, Reading } from './json.ts';

const nonce = z.string().regex(/^[0-9a-f]{8,}$/i);
const sig = z.string().optional();

export const commandSchema = z.object({
  cmdId: z.uuid(),
  ts: z.number().int(),
  type: z.string(),
  p: z.record(z.string(), z.unknown()).optional(),
  sig,
});

export const ackSchema = z.object({
  cmdId: z.string(),
  st: z.union([z.string(), z.number()]),
  ts: z.number().int(),
  n: nonce,
  err: z.unknown().optional(),
  msg: z.string().optional(),
  sig,
});

export const alarmSchema = z.object({
  ts: z.number().int(),
  n: nonce,
  ev: z.enum(['RAISE', 'RESOLVE']),
  alarmId: z.union([z.string(), z.number()]),
  code: z.union([z.string(), z.number()]),
  sev: z.union([z.string(), z.number()]),
  msg: z.string().optional(),
  detail: z.unknown().optional(),
  sig,
});

const schemas = { telemetry: snapshotSchema, command: commandSchema, ack: ackSchema, alarm: alarmSchema } as const;

export type VokeMessage = {
  [K in SignedMessageKind]: {
    readonly kind: K;
    readonly plantId: string;
    readonly message: z.infer<(typeof schemas)[K]>;
  };
}[SignedMessageKind];

/** Both spellings of the command topic occur in the field. */
const kindOfTopic: ReadonlyMap<string, SignedMessageKind> = new Map([
  ['telemetry', 'telemetry'],
  ['command', 'command'],
  ['commands', 'command'],
  ['ack', 'ack'],
  ['alarm', 'alarm'],
]);

/** The message on `topic` as what it is, or the first field that does not fit. */
export function readVokeMessage(topic: string, value: JsonValue): Reading<VokeMessage> {
  const match = /^cpi\/([^/]+)\/([^/]+)$/.exec(topic);
  const plantId = match?.[1];
  const kind = kindOfTopic.get(match?.[2] ?? '');
  if (plantId === undefined || kind === undefined) return { ok: false, reason: 'Not a topic of a signed message.' };
  const parsed = schemas[kind].safeParse(value);
  if (!parsed.success) {
    // The outermost field only: names further in are the sender's.
    const path = String(parsed.error.issues[0]?.path[0] ?? 'the whole');
    return { ok: false, reason: `Not the shape of ${kind}: ${path}.` };
  }
  return { ok: true, value: { kind, plantId, message: parsed.data } as VokeMessage };
}

/** The numbers of the bits set in a uint32, from 0, the least significant. Throws a RangeError for another number. */
export function bitsSet(mask: number): readonly number[] {
  if (!Number.isInteger(mask) || mask < 0 || mask > 0xffffffff) throw new RangeError('Not a uint32.');
  return Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => ((mask >>> bit) & 1) === 1);
}
