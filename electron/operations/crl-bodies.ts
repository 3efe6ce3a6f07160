// The text of a CRL in the vault, written and read in parts: a CRL of ten years has megabytes, and a disk that is waited
// for. A new one is laid down beside the one in force, most of it ahead of the transaction that brings it into force;
// what is left of older ones goes bit by bit as newer ones are laid down. What was laid down for nothing goes likewise.

import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConsoleError } from '../../shared/model/errors.ts';
import { endOfSlice } from '../platform/slices.ts';
import type { AuthorityRow } from '../vault/rows/authorities.ts';
import type { CrlPart } from '../vault/rows/crl-parts.ts';
import type { OpenVault } from '../vault/rows.ts';
import type { OperationContext } from './context.ts';

const partLength = 65_536;
/** In one transaction: a few milliseconds, and the CRL of some four thousand revoked certificates. */
const partsAtOnce = 4;

export type LaidCrl = {
  /** For the row of its authority. */
  readonly body: Pick<AuthorityRow, 'crlBodyId' | 'crlPartCount'>;
  /** Writes what is left of it: for the transaction that brings it into force. */
  finish(): void;
};

/** Lays a CRL down for this authority, which need not be stored yet. Of one authority one at a time. */
export async function layCrl(vault: OpenVault, authorityId: string, crlPem: string): Promise<LaidCrl> {
  const bodyId = randomUUID();
  const parts = partsOf(authorityId, bodyId, crlPem);
  const aheadCount = parts.length - ((parts.length - 1) % partsAtOnce) - 1;
  const write = (some: readonly CrlPart[], bodiesKept: readonly string[]) => {
    for (const part of some) vault.crlParts.insert(part);
    vault.crlParts.deleteOthers(authorityId, bodiesKept, partsAtOnce);
  };
  for (let first = 0; first < aheadCount; first += partsAtOnce) {
    const inForce = vault.authorities.get(authorityId)?.crlBodyId ?? bodyId;
    vault.transaction(() => write(parts.slice(first, first + partsAtOnce), [bodyId, inForce]));
    await nextTurn();
  }
  return {
    body: { crlBodyId: bodyId, crlPartCount: parts.length },
    finish: () => {
      write(parts.slice(aheadCount), [bodyId]);
      if (vault.crlParts.count(bodyId) < parts.length) {
        throw new ConsoleError('internal/unexpected', { because: 'two CRLs of one authority at the same time' });
      }
    },
  };
}

function partsOf(authorityId: string, bodyId: string, crlPem: string): CrlPart[] {
  const parts: CrlPart[] = [];
  for (let start = 0; start < crlPem.length; start += partLength) {
    parts.push({ authorityId, bodyId, position: parts.length, text: crlPem.slice(start, start + partLength) });
  }
  return parts;
}

/** Deletes every CRL of an authority that comes to nothing. */
export async function dropCrls(vault: OpenVault, authorityId: string): Promise<void> {
  while (vault.crlParts.deleteOthers(authorityId, [], partsAtOnce) > 0) await nextTurn();
}

export type CrlInForce = {
  readonly authority: AuthorityRow;
  /** With a line feed at its end. */
  readonly pem: Buffer<ArrayBuffer>;
};

/**
 * Runs `use` with the CRLs of these authorities, in a turn of the event loop in which they still are in force. Throws
 * what `which` throws, and `vault/damaged`.
 */
export async function withCrls<T>(
  { vault }: Pick<OperationContext, 'vault'>,
  which: () => readonly AuthorityRow[],
  use: (crls: readonly CrlInForce[]) => T,
): Promise<T> {
  for (;;) {
    const authorities = which();
    const crls: CrlInForce[] = [];
    for (const authority of authorities) {
      const pem = await readBody(vault, authority);
      if (pem) crls.push({ authority, pem });
    }
    if (bodiesOf(which()) !== bodiesOf(authorities)) continue;
    if (crls.length === authorities.length) return use(crls);
    throw new ConsoleError('vault/damaged', { because: 'a part of a CRL is gone' });
  }
}

const bodiesOf = (authorities: readonly AuthorityRow[]): string =>
  authorities.map(({ crlBodyId }) => crlBodyId).join(' ');

/** In one file, as OpenSSL reads several. */
export const joinCrls = (crls: readonly CrlInForce[]): Buffer<ArrayBuffer> => Buffer.concat(crls.map(({ pem }) => pem));

/** Undefined where a part is gone: another CRL took its place meanwhile, or somebody took it away. */
async function readBody({ crlParts }: OpenVault, { crlBodyId, crlPartCount }: AuthorityRow) {
  const slice = endOfSlice();
  const parts: Buffer[] = [];
  for (let position = 0; position < crlPartCount; position++) {
    const text = crlParts.text(crlBodyId, position);
    if (text === undefined) return undefined;
    parts.push(Buffer.from(text, 'latin1'));
    await slice();
  }
  return Buffer.concat(parts);
}
