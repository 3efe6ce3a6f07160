// Since when the key of an authority counts as lost or stolen. Who has it can pass for a broker, and hears the passwords
// and tokens of every plant that believes it; who took it out of this vault has the token key too. So whatever any plant
// proves itself with counts as known to others when it is from before that moment, by whichever method.

import type { Timestamp } from '../vault/rows/timestamp.ts';
import type { TokenKeyRow } from '../vault/rows/token-keys.ts';
import { type OperationContext, timestamp } from './context.ts';

const emergencySetting = 'authority.emergencyAt';

/** Of the last emergency; undefined where there was none. */
export const emergencyAt = ({ vault }: OperationContext): Timestamp | undefined =>
  vault.settings.get(emergencySetting) || undefined;

/** Inside the transaction that gives the old authority up. */
export const noteEmergency = (context: OperationContext): void =>
  context.vault.settings.set(emergencySetting, timestamp(context));

/** The token keys that others may have; retired ones too. */
export function exposedTokenKeys(context: OperationContext): TokenKeyRow[] {
  const since = emergencyAt(context);
  return since === undefined ? [] : context.vault.tokenKeys.list().filter(({ createdAt }) => createdAt <= since);
}
