import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  Authority,
  AuthorityKeyAlgorithm,
  Certificate,
  CertificateKind,
  CertificateState,
} from '../../../shared/model/certificate.ts';
import type { AuthorityFileName } from '../../../shared/model/credential-export.ts';
import type { Expiry } from '../../../shared/model/expiry.ts';
import type { TokenKey } from '../../../shared/model/token-key.ts';
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
  /** Newest first. */
  readonly tokenKeys: Snapshot<readonly TokenKey[]>;
  /** The soonest first. */
  readonly expiries: Snapshot<readonly Expiry[]>;
  refresh(): Promise<void>;
  /** Only while they are shown: there may be thousands. */
  refreshCertificates(): Promise<void>;
  setFilter(filter: CertificateFilter): void;
  create(input: { subject: string; keyAlgorithm: AuthorityKeyAlgorithm; validityDays: number }): Promise<void>;
  /** Publishes the CRL anew; a push brings it to the brokers. */
  renewCrl(): Promise<void>;
  /** How long CRLs are good for from now on; they are published anew with it. */
  setCrlDays(nextUpdateDays: number): Promise<void>;
  /** Only while they are shown. */
  refreshTokenKeys(): Promise<void>;
  startTokenRollover(): Promise<void>;
  /** `insist`: although a broker would refuse its tokens. */
  signWithTokenKey(keyId: string, insist: boolean): Promise<void>;
  /** `insist`: although plants hold its tokens. */
  retireTokenKey(keyId: string, insist: boolean): Promise<void>;
  /** Only while they are shown: every certificate is read for it. */
  refreshExpiries(): Promise<void>;
  calendarFile(): Promise<File>;
  certificateFile(): Promise<File>;
  crlFile(): Promise<File>;
  derFile(name: AuthorityFileName): Promise<File>;
  /** Everything as a tar; `authorityPassphrase` puts the authority's key in. */
  exportSet(options: { withPrivateKeys: boolean; authorityPassphrase?: string }): Promise<File>;
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
    const setTokenKeys = (keys: readonly TokenKey[]) => set({ tokenKeys: { status: 'ready', value: keys } });
    return {
      authority: waiting,
      certificates: waiting,
      tokenKeys: waiting,
      expiries: waiting,
      filter: { kind: null, state: null },
      refresh: coalesce(async () => set({ authority: await getAuthority() })),
      refreshCertificates,
      setFilter: (filter) => {
        set({ filter });
        void refreshCertificates();
      },
      create: async (input) => set({ authority: { status: 'ready', value: await client.authority.create(input) } }),
      setCrlDays: async (nextUpdateDays) =>
        set({ authority: { status: 'ready', value: await client.authority.setCrlPolicy({ nextUpdateDays }) } }),
      renewCrl: async () => set({ authority: { status: 'ready', value: await client.authority.renewCrl() } }),
      refreshTokenKeys: coalesce(async () => set({ tokenKeys: await ask(() => client.authority.tokenKeys()) })),
      startTokenRollover: async () => setTokenKeys(await client.authority.startTokenRollover()),
      signWithTokenKey: async (keyId, insist) =>
        setTokenKeys(await client.authority.signWithTokenKey({ keyId, insist })),
      retireTokenKey: async (keyId, insist) => setTokenKeys(await client.authority.retireTokenKey({ keyId, insist })),
      refreshExpiries: coalesce(async () => set({ expiries: await ask(() => client.authority.expiries()) })),
      calendarFile: () => client.authority.calendarFile(),
      certificateFile: () => client.authority.certificateFile(),
      crlFile: () => client.authority.crlFile(),
      derFile: (file) => client.authority.derFile({ file }),
      exportSet: (options) => client.authority.exportSet(options),
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
      reset: () => set({ authority: waiting, certificates: waiting, tokenKeys: waiting, expiries: waiting }),
    };
  });
