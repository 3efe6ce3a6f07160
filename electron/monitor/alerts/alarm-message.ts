// A plant's alarm as Voke's protocol has it: RAISE begins it, RESOLVE of the same alarmId ends it.
// Read with fewer conditions than the detail of a message (shared/model/payload/voke-message.ts), which shows what does
// not fit the protocol: whoever waits for an alarm wants to hear of one that lacks a nonce, too.
// A plant without a clock sends no `ts`, or 0, or what its clock says: only what it says itself is compared with it.

import { z } from 'zod';

const textSchema = z.string().max(500);

const alarmSchema = z.object({
  ev: z.enum(['RAISE', 'RESOLVE']),
  alarmId: z.union([z.string().min(1).max(200), z.number()]).transform(String),
  code: z.union([textSchema, z.number()]).transform(String).optional().catch(undefined),
  sev: z.union([textSchema, z.number()]).transform(String).optional().catch(undefined),
  msg: textSchema.optional().catch(undefined),
  /** Unix time in milliseconds, by the plant's clock. */
  ts: z.number().int().positive().max(8.64e15).optional().catch(undefined),
});
export type AlarmMessage = z.infer<typeof alarmSchema>;

/** In octets, by Voke's protocol; nothing larger is read. */
const maxPayloadBytes = 8192;

/** Undefined for what is no alarm. */
export function readAlarm(payload: Uint8Array): AlarmMessage | undefined {
  if (payload.byteLength > maxPayloadBytes) return undefined;
  try {
    return alarmSchema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))).data;
  } catch {
    return undefined;
  }
}

/** Such as `overtemperature E12: cabinet 3 is hot`. */
export const alarmWords = ({ alarmId, code, sev, msg }: AlarmMessage): string =>
  [sev, code ?? alarmId].filter((word) => word !== undefined).join(' ') + (msg === undefined ? '' : `: ${msg}`);
