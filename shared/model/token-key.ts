import { z } from 'zod';
import { timestampSchema } from './plant.ts';

/**
 * A key that signs tokens. trusted: brokers accept its tokens, new ones are not signed with it.
 * active: signs. retired: brokers no longer accept it.
 */
export const tokenKeyStates = ['trusted', 'active', 'retired'] as const;
export const tokenKeyStateSchema = z.enum(tokenKeyStates);
export type TokenKeyState = z.infer<typeof tokenKeyStateSchema>;

export const tokenKeySchema = z.object({
  /** RFC 7638 thumbprint of the public key; the `kid` of its tokens. */
  keyId: z.string(),
  state: tokenKeyStateSchema,
  createdAt: timestampSchema,
  /** TOKEN plants whose newest token is by this key, with those who never got one counted for the oldest key in use. */
  plantCount: z.number().int(),
  /** Names of the brokers that were not told of the key's state yet: they need a push. */
  brokersBehind: z.array(z.string()),
});
export type TokenKey = z.infer<typeof tokenKeySchema>;
