import { z } from 'zod';

export const vaultStateSchema = z.enum(['absent', 'locked', 'unlocked']);
export type VaultState = z.infer<typeof vaultStateSchema>;

export const minPassphraseLength = 12;
/** Bounds only: whether it is strong enough is the vault's own answer, with its own code. */
export const passphraseSchema = z.string().min(1).max(1024);
