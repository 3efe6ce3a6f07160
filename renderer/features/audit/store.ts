import { createStore, type StoreApi } from 'zustand/vanilla';
import { ask, coalesce, type Snapshot, waiting } from '../../app/snapshot.ts';
import type { ConsoleClient } from '../../transport.ts';

export type AuditTrail = Awaited<ReturnType<ConsoleClient['audit']['list']>>;
export type AuditEntry = AuditTrail['items'][number];

export const auditPageSize = 100;

export type AuditStore = {
  readonly trail: Snapshot<AuditTrail>;
  /** Counted from 0, newest first. */
  readonly page: number;
  setPage(page: number): void;
  refresh(): Promise<void>;
  reset(): void;
};

export const createAuditStore = (client: ConsoleClient): StoreApi<AuditStore> =>
  createStore<AuditStore>((set, get) => {
    const refresh = coalesce(async () => {
      const offset = get().page * auditPageSize;
      set({ trail: await ask(() => client.audit.list({ limit: auditPageSize, offset })) });
    });
    return {
      trail: waiting,
      page: 0,
      setPage: (page) => {
        set({ page });
        void refresh();
      },
      refresh,
      reset: () => set({ trail: waiting, page: 0 }),
    };
  });
