import { hostnameSchema } from '../../shared/model/broker.ts';
import { ConsoleError } from '../../shared/model/errors.ts';

/** Where an SSH server listens, and how long the way to a ready session may take (milliseconds). */
export type Endpoint = {
  readonly host: string;
  readonly port: number;
  readonly readyTimeoutMs?: number;
  /** Also agrees on what `shared/model/legacy-algorithms.ts` lists. */
  readonly allowsLegacyAlgorithms?: boolean;
};

/** Throws `remote/invalid-address` when `host` is neither a host name nor an IP address. */
export function checkAddress(host: string): void {
  if (!hostnameSchema.safeParse(host).success) throw new ConsoleError('remote/invalid-address', { details: { host } });
}
