import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { issueToken } from '../credentials/tokens.ts';
import { audit, type OperationContext } from './context.ts';
import { requirePlant } from './plants.ts';

export type PlantToken = { readonly token: string; readonly expiresAt: string };

/** An RS256 token by the key in force. Throws `authority/absent`, `credential/ttl-too-long`. */
export async function signPlantToken(
  { vault, clock }: OperationContext,
  plantId: PlantId,
  ttlSeconds: number,
): Promise<PlantToken> {
  const key = vault.tokenKeys.active();
  if (!key) throw new ConsoleError('authority/absent');
  const { token, expiresAt } = await issueToken({
    privateKeyPem: vault.tokenKeys.privateKeyPem(key.keyId),
    keyId: key.keyId,
    plantId,
    ttlSeconds,
    now: clock.now(),
  });
  return { token, expiresAt: expiresAt.toISOString() };
}

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
  const issued = await signPlantToken(context, plantId, ttlSeconds);
  audit(context, 'plant.token', plantId, { expiresAt: issued.expiresAt });
  return issued;
}
