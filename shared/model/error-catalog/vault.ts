import type { ErrorEntries } from './entry.ts';

/** The vault file. */
export const vaultErrors = {
  'vault/absent': { status: 409, title: 'There is no vault yet. Create one first.' },
  'vault/exists': { status: 409, title: 'A vault is already here. Unlock it, or choose another folder.' },
  'vault/locked': { status: 423, title: 'The vault is locked. Unlock it with its passphrase first.' },
  'vault/wrong-passphrase': { status: 403, title: 'The passphrase does not open this vault.' },
  'vault/weak-passphrase': { status: 400, title: 'The passphrase is too short. Use at least 12 characters.' },
  'vault/not-a-vault': {
    status: 422,
    title: 'This file is not a Voke vault. Choose the right file; it was not changed.',
  },
  'vault/newer-version': {
    status: 422,
    title: 'This vault was written by a newer console. Update the console; the file was not changed.',
  },
  'vault/damaged': {
    status: 422,
    title: 'This vault is damaged and was not opened. Restore it from a backup; the file was not changed.',
  },
  'vault/in-use': {
    status: 409,
    title: 'Another console has this vault open. Close it there first, then try again.',
  },
  'vault/backup-invalid': { status: 422, title: 'This is not a readable vault backup. The current vault was kept.' },
  'vault/disk-full': { status: 507, title: 'The disk is full. Free some space and try again; nothing was changed.' },
} as const satisfies ErrorEntries;
