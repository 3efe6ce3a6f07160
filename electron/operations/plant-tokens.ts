import type { TokenKeyFileName } from '../../shared/contract/authority.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { issueToken, publicKeyFiles } from '../credentials/tokens.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { requirePlant } from './plants.ts';

export type PlantToken = { readonly token: string; readonly expiresAt: string };
export type SignedToken = PlantToken & { readonly keyId: string };

/** An RS256 token by the key in force. Throws `authority/absent`, `credential/ttl-too-long`. */
export async function signPlantToken(
  { vault, clock }: OperationContext,
  plantId: PlantId,
  ttlSeconds: number,
): Promise<SignedToken> {
  const key = vault.tokenKeys.active();
  if (!key) throw new ConsoleError('authority/absent');
  const { token, expiresAt } = await issueToken({
    privateKeyPem: vault.tokenKeys.privateKeyPem(key.keyId),
    keyId: key.keyId,
    plantId,
    ttlSeconds,
    now: clock.now(),
  });
  return { token, expiresAt: expiresAt.toISOString(), keyId: key.keyId };
}

/** Remembers by which key a plant's newest token is: a key that plants still depend on is not retired. */
export const noteTokenIssue = (
  context: OperationContext,
  plantId: PlantId,
  { keyId, expiresAt }: Pick<SignedToken, 'keyId' | 'expiresAt'>,
): void => context.vault.tokenKeys.noteIssue({ plantId, keyId, issuedAt: timestamp(context), expiresAt });

/** A token for a TOKEN plant that is not revoked. Throws `plant/wrong-auth-method`, `plant/wrong-status`. */
export async function issuePlantToken(
  context: OperationContext,
  plantId: PlantId,
  ttlSeconds: number,
): Promise<PlantToken> {
  const plant = requirePlant(context, plantId);
  if (plant.authMethod !== 'TOKEN') {
    throw new ConsoleError('plant/wrong-auth-method', { because: `it is ${plant.authMethod}`, details: { plantId } });
  }
  if (plant.status === 'REVOKED') {
    throw new ConsoleError('plant/wrong-status', { because: 'it is REVOKED', details: { plantId } });
  }
  const { token, expiresAt, keyId } = await signPlantToken(context, plantId, ttlSeconds);
  context.vault.transaction(() => {
    noteTokenIssue(context, plantId, { keyId, expiresAt });
    audit(context, 'plant.token', plantId, { expiresAt, keyId });
  });
  return { token, expiresAt };
}

/** The public token key in one of the forms of the JWT document. Throws `authority/absent`. */
export function publicTokenKeyFile({ vault }: OperationContext, name: TokenKeyFileName): Uint8Array {
  const key = vault.tokenKeys.active();
  if (!key) throw new ConsoleError('authority/absent');
  const { publicPkcs1Der, publicSpkiDer } = publicKeyFiles(key.publicKeyPem);
  switch (name) {
    case 'jwt-public.pem':
      return Buffer.from(key.publicKeyPem);
    case 'jwt-public.der':
      return publicPkcs1Der;
    case 'jwt-public-spki.der':
      return publicSpkiDer;
  }
}
