// Commands to the simulated PLC. A command with a wrong signature is refused; one without is obeyed only where the
// protocol makes signing optional, which is the mTLS listener.

import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { AuthMethod } from '../../shared/model/plant.ts';
import type { SignedMessageKind } from '../../shared/model/telemetry.ts';

/** HMAC-SHA256 of a message's signed parts, 64 hex digits. */
export type SignMessage = (
  kind: SignedMessageKind,
  plantId: string,
  message: Record<string, unknown>,
  secret: string,
) => string;

const commandSchema = z.object({
  cmdId: z.uuid(),
  ts: z.number().int(),
  type: z.string().max(64),
  p: z.record(z.string(), z.unknown()).default({}),
  sig: z.string().optional(),
});

/** Voke's public documentation names the field `st` but not its values; these are this simulation's. */
export type CommandVerdict = { readonly cmdId: string; readonly st: 'OK' | 'ERROR'; readonly err?: string };

/** What to answer to a payload from the command topic; undefined when it is no command at all. */
export function judgeCommand(
  payload: Buffer,
  plant: { readonly plantId: string; readonly authMethod: AuthMethod; readonly hmacSecret: string },
  sign: SignMessage,
): CommandVerdict | undefined {
  const command = commandSchema.safeParse(jsonOrUndefined(payload)).data;
  if (!command) return undefined;
  const { cmdId, sig } = command;
  if (sig === undefined) {
    return plant.authMethod === 'MTLS' ? { cmdId, st: 'OK' } : { cmdId, st: 'ERROR', err: 'SIGNATURE_MISSING' };
  }
  return isSignedRight(command, sig, plant, sign)
    ? { cmdId, st: 'OK' }
    : { cmdId, st: 'ERROR', err: 'SIGNATURE_WRONG' };
}

function isSignedRight(
  command: Record<string, unknown>,
  sig: string,
  plant: { readonly plantId: string; readonly hmacSecret: string },
  sign: SignMessage,
): boolean {
  try {
    return sameText(sig.toLowerCase(), sign('command', plant.plantId, command, plant.hmacSecret));
  } catch {
    // Parameters that nest too deep to be written.
    return false;
  }
}

function jsonOrUndefined(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
