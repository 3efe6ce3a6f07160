import { createStore, type StoreApi } from 'zustand/vanilla';
import type { VaultState } from '../../../shared/model/vault.ts';
import { ask, coalesce, type Snapshot, waiting } from '../../app/snapshot.ts';
import type { ConsoleClient } from '../../transport.ts';

export type VaultStore = {
  readonly vault: Snapshot<VaultState>;
  refresh(): Promise<void>;
  /** These three reject as the call does; a passphrase is passed through and never kept. */
  create(passphrase: string): Promise<void>;
  unlock(passphrase: string): Promise<void>;
  restore(passphrase: string, backup: File): Promise<void>;
  lock(): Promise<void>;
  backup(): Promise<File>;
};

export const createVaultStore = (client: ConsoleClient): StoreApi<VaultStore> =>
  createStore<VaultStore>((set) => {
    const keep = ({ state }: { state: VaultState }) => set({ vault: { status: 'ready', value: state } });
    return {
      vault: waiting,
      refresh: coalesce(async () => set({ vault: await ask(async () => (await client.vault.get()).state) })),
      create: async (passphrase) => keep(await client.vault.create({ passphrase })),
      unlock: async (passphrase) => keep(await client.vault.unlock({ passphrase })),
      restore: async (passphrase, backup) => keep(await client.vault.restore({ passphrase, backup })),
      lock: async () => keep(await client.vault.lock()),
      backup: () => client.vault.backup(),
    };
  });
