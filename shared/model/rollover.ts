// A change of authority, as a guide shows it. What is next follows from the vault alone, so that it can be taken up at any
// time; broken off anywhere, certificates of both authorities stay good.

import { z } from 'zod';
import {
  authorityStateSchema,
  crlNumberSchema,
  crlStateSchema,
  heldAuthorityKeyAlgorithmSchema,
} from './certificate.ts';
import { authMethodSchema, plantIdSchema, plantStatusSchema, timestampSchema } from './plant.ts';

/**
 * none: one authority, and nobody waits. announce: brokers must learn to trust the next one. trust: so must plants.
 * issue: everybody does. serve: it issues now, and brokers must show a certificate of it. renew: plants must get new
 * credentials. retire: nobody needs the old one any more. forget: it is retired, and brokers still trust it.
 */
export const rolloverStages = ['none', 'announce', 'trust', 'issue', 'serve', 'renew', 'retire', 'forget'] as const;
export const rolloverStageSchema = z.enum(rolloverStages);
export type RolloverStage = z.infer<typeof rolloverStageSchema>;

/**
 * trust: the plant's CA file must get the new authority in, or one whose key leaked out. credential: it needs a new
 * certificate; in an emergency a new password or token just as well, since others may have heard the old one. delivery:
 * that was issued, and is not in force yet.
 */
export const plantNeeds = ['trust', 'credential', 'delivery'] as const;
export const plantNeedSchema = z.enum(plantNeeds);
export type PlantNeed = z.infer<typeof plantNeedSchema>;

export const rolloverAuthoritySchema = z.object({
  authorityId: z.string(),
  subject: z.string(),
  keyAlgorithm: heldAuthorityKeyAlgorithmSchema,
  /** SHA-256. */
  fingerprint: z.string(),
  notBefore: timestampSchema,
  notAfter: timestampSchema,
  state: authorityStateSchema,
  /** Its key may be in other hands. */
  isCompromised: z.boolean(),
  /** Its key is in the vault, and opens; without it there is no next CRL, and no certificate. */
  hasKey: z.boolean(),
  /** Another authority of this vault has certified it: who trusts that one only believes it too. */
  isCrossCertified: z.boolean(),
  crl: z.object({ number: crlNumberSchema, nextUpdate: timestampSchema, state: crlStateSchema }),
  /** Until then its CRL goes on; null where it has issued nothing. */
  lastCertificateEndsAt: timestampSchema.nullable(),
  /** Names of the brokers whose last push says otherwise than its state. */
  brokersBehind: z.array(z.string()),
});
export type RolloverAuthority = z.infer<typeof rolloverAuthoritySchema>;

export const rolloverPlantSchema = z.object({
  plantId: plantIdSchema,
  name: z.string(),
  site: z.string().nullable(),
  authMethod: authMethodSchema,
  status: plantStatusSchema,
  needs: plantNeedSchema,
  /** The console can reach its device. */
  hasDevice: z.boolean(),
});
export type RolloverPlant = z.infer<typeof rolloverPlantSchema>;

/**
 * A token key from before an emergency, which lay beside the key that was lost. signs: new tokens are still by it.
 * trusted: another one signs, and brokers still accept its tokens.
 */
export const exposedTokenKeyStates = ['signs', 'trusted'] as const;

export const rolloverSchema = z.object({
  stage: rolloverStageSchema,
  /** Begun because a key was lost or stolen. */
  isEmergency: z.boolean(),
  /** Null where there is none, as in peace. */
  exposedTokenKey: z.enum(exposedTokenKeyStates).nullable(),
  /** Oldest first. */
  authorities: z.array(rolloverAuthoritySchema),
  /** Who still holds something old, by name. */
  plants: z.array(rolloverPlantSchema),
  /** Plants that hold a credential at all. */
  plantCount: z.number().int(),
});
export type Rollover = z.infer<typeof rolloverSchema>;

/** Where a change of authority stands. */
export function rolloverStageOf(
  authorities: readonly Pick<RolloverAuthority, 'state' | 'brokersBehind'>[],
  plants: readonly Pick<RolloverPlant, 'needs'>[],
): RolloverStage {
  const inState = (state: RolloverAuthority['state']) => authorities.filter((authority) => authority.state === state);
  const areBehind = (some: typeof authorities) => some.some(({ brokersBehind }) => brokersBehind.length > 0);
  const next = inState('next');
  if (next.length > 0) return areBehind(next) ? 'announce' : plants.length > 0 ? 'trust' : 'issue';
  if (inState('retiring').length > 0) {
    if (areBehind(inState('current'))) return 'serve';
    return plants.length > 0 ? 'renew' : 'retire';
  }
  if (areBehind(inState('retired'))) return 'forget';
  return plants.length > 0 ? 'renew' : 'none';
}
