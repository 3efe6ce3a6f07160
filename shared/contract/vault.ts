import { z } from 'zod';
import { passphraseSchema, vaultStateSchema } from '../model/vault.ts';
import { passive, procedure } from './base.ts';

const vaultAnswer = z.object({ state: vaultStateSchema });
const tags = ['Vault'];

export const vaultContract = {
  get: passive.route({ method: 'GET', path: '/vault', tags, summary: 'State of the vault' }).output(vaultAnswer),
  create: procedure
    .route({ method: 'POST', path: '/vault/create', successStatus: 201, tags, summary: 'Create and unlock the vault' })
    .input(z.object({ passphrase: passphraseSchema }))
    .output(vaultAnswer),
  unlock: procedure
    .route({ method: 'POST', path: '/vault/unlock', tags, summary: 'Unlock the vault' })
    .input(z.object({ passphrase: passphraseSchema }))
    .output(vaultAnswer),
  lock: procedure
    .route({ method: 'POST', path: '/vault/lock', tags, summary: 'Lock the vault; its keys are wiped from memory' })
    .output(vaultAnswer),
  backup: procedure
    .route({ method: 'POST', path: '/vault/backup', tags, summary: 'A consistent, still sealed copy of the vault' })
    .output(z.file()),
  restore: procedure
    .route({ method: 'POST', path: '/vault/restore', tags, summary: 'Replace the vault by a backup (multipart form)' })
    .input(z.object({ passphrase: passphraseSchema, backup: z.file().max(1024 * 1024 * 1024) }))
    .output(vaultAnswer),
  /** Minutes without a call after which the vault locks itself; 0 never. */
  getIdleLock: passive.output(z.object({ minutes: z.number().int() })),
  setIdleLock: procedure
    .input(z.object({ minutes: z.number().int().min(0).max(480) }))
    .output(z.object({ minutes: z.number().int() })),
};
