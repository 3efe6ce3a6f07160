import { caFileOf } from '../device/files.ts';
import { sha256 } from '../device/install-script.ts';
import { joinPems } from '../platform/pem-blocks.ts';
import type { OperationContext } from './context.ts';

/** Ids of authorities, by the hash of the file that holds them. */
export type CaFiles = ReadonlyMap<string, readonly string[]>;

/** What a device's `ca.crt` may hold: one authority of this vault, or two while one follows the other. */
export function knownCaFiles({ vault }: OperationContext): CaFiles {
  const authorities = vault.authorities.list();
  const sets = authorities.flatMap((first) => [
    [first],
    ...authorities.filter((second) => second !== first).map((second) => [first, second]),
  ]);
  return new Map(
    sets.map((set) => [
      sha256(caFileOf(joinPems(set.map(({ certificatePem }) => certificatePem))).content),
      set.map(({ authorityId }) => authorityId),
    ]),
  );
}
