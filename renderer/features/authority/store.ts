import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  Authority,
  AuthorityKeyAlgorithm,
  Certificate,
  CertificateKind,
  CertificateState,
} from '../../../shared/model/certificate.ts';
import { ask, coalesce, type Snapshot, waiting } from '../../app/snapshot.ts';
import { toFailure } from '../../failure.ts';
import type { ConsoleClient } from '../../transport.ts';

export type CertificateFilter = { readonly kind: CertificateKind | null; readonly state: CertificateState | null };
type CertificateList = { readonly items: readonly Certificate[]; readonly total: number };

export type AuthorityStore = {
  /** Null: this vault has none yet. */
  readonly authority: Snapshot<Authority | null>;
  readonly certificates: Snapshot<CertificateList>;
  readonly filter: CertificateFilter;
  refresh(): Promise<void>;
  /** Only while they are shown: there may be thousands. */
  refreshCertificates(): Promise<void>;
  setFilter(filter: CertificateFilter): void;
  create(input: { subject: string; keyAlgorithm: AuthorityKeyAlgorithm; validityDays: number }): Promise<void>;
  certificateFile(): Promise<File>;
  crlFile(): Promise<File>;
  /** The certificate with this serial number, or null. */
  findCertificate(serialNumber: string): Promise<Certificate | null>;
  reset(): void;
};

const shownCertificates = 1000;

export const createAuthorityStore = (client: ConsoleClient): StoreApi<AuthorityStore> =>
  createStore<AuthorityStore>((set, get) => {
    const getAuthority = () =>
      ask(async () => {
        try {
          return await client.authority.get();
        } catch (error) {
          if (toFailure(error).code === 'authority/not-found') return null;
          throw error;
        }
      });
    const listCertificates = () => {
      const { kind, state } = get().filter;
      return ask(() =>
        client.authority.listCertificates({ limit: shownCertificates, ...(kind && { kind }), ...(state && { state }) }),
      );
    };
    const refreshCertificates = coalesce(async () => set({ certificates: await listCertificates() }));
    return {
      authority: waiting,
      certificates: waiting,
      filter: { kind: null, state: null },
      refresh: coalesce(async () => set({ authority: await getAuthority() })),
      refreshCertificates,
      setFilter: (filter) => {
        set({ filter });
        void refreshCertificates();
      },
      create: async (input) => set({ authority: { status: 'ready', value: await client.authority.create(input) } }),
      certificateFile: () => client.authority.certificateFile(),
      crlFile: () => client.authority.crlFile(),
      findCertificate: async (serialNumber) => {
        for (let offset = 0; ; offset += shownCertificates) {
          const { items, total } = await client.authority.listCertificates({
            kind: 'device',
            limit: shownCertificates,
            offset,
          });
          const found = items.find((certificate) => certificate.serialNumber === serialNumber);
          if (found) return found;
          if (offset + items.length >= total || items.length === 0) return null;
        }
      },
      reset: () => set({ authority: waiting, certificates: waiting }),
    };
  });
