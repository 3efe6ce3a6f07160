// The folders of authorities in an exported set. The one that issues has those of the mTLS document; every other one whose
// CRL goes on has the same below a folder of its own. So whatever was issued fits the `ca.crt` beside it, and `openssl ca`
// finds one register for one authority.

import { createPrivateKey } from 'node:crypto';
import { type IndexedCertificate, indexLine } from '../authority/export/index-file.ts';
import { setFolderOf } from '../authority/export/set-folders.ts';
import { toPem } from '../authority/pem.ts';
import { encryptedPrivateKey, encryptModern } from '../authority/pkcs12/encrypt.ts';
import { newSerialNumber } from '../authority/tbs-certificate.ts';
import type { PackedFile } from '../platform/tar.ts';
import type { AuthorityRow } from '../vault/rows/authorities.ts';
import { authoritiesWithCrl } from './authority.ts';
import { hasKey } from './authority-key.ts';
import { certificatePages } from './certificate-pages.ts';
import type { OperationContext } from './context.ts';
import type { CrlInForce } from './crl-bodies.ts';
import { openlyRevoked, withLeavingCrls } from './open-revocations.ts';
import { registerEntries } from './register-pages.ts';

export type AuthorityFolder = {
  readonly authority: AuthorityRow;
  /** `certs`, or a folder in it. */
  readonly folder: string;
  /** Those of its `ca`. */
  readonly files: readonly PackedFile[];
  readonly hasKey: boolean;
};

const readableMode = 0o644;

/**
 * The one that issues first; the keys, as far as they are here, under `passphrase`, where there is one. With this the CRLs
 * leave the console. Throws `authority/absent`.
 */
export async function authorityFolders(
  context: OperationContext,
  passphrase: string | undefined,
): Promise<AuthorityFolder[]> {
  const crls = await withLeavingCrls(
    context,
    () => authoritiesWithCrl(context),
    (found) => found,
  );
  const folders: AuthorityFolder[] = [];
  for (const crl of crls) folders.push(await folderOf(context, crl, passphrase));
  return folders;
}

async function folderOf(
  context: OperationContext,
  { authority, pem: crlPem }: CrlInForce,
  passphrase: string | undefined,
): Promise<AuthorityFolder> {
  const { state, fingerprint, certificatePem, crlNumber } = authority;
  const folder = state === 'current' ? 'certs' : `certs/${setFolderOf(state, fingerprint)}`;
  const file = (name: string, content: string | Uint8Array) => ({ name: `${folder}/ca/${name}`, content });
  const readable = (name: string, content: string | Uint8Array): PackedFile => ({
    ...file(name, content),
    mode: readableMode,
  });
  const key =
    passphrase !== undefined && (state === 'current' || hasKey(context, authority))
      ? await encryptedKey(context, authority, passphrase)
      : undefined;
  const files = [
    readable('ca.crt', certificatePem),
    readable('ca.crl', crlPem),
    ...(key === undefined ? [] : [file('ca.key', key)]),
    readable('index.txt', await registerOf(context, authority)),
    // Renewed certificates bear the name of the one before.
    readable('index.txt.attr', 'unique_subject = no\n'),
    // openssl counts on from here; 126 random bits are far from every number that was given out.
    readable('serial', `${newSerialNumber().toString('hex').toUpperCase()}\n`),
    readable('crlnumber', `${evenHex(crlNumber + 1n)}\n`),
  ];
  return { authority, folder, files, hasKey: key !== undefined };
}

function evenHex(number: bigint): string {
  const hex = number.toString(16).toUpperCase();
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}

async function encryptedKey(context: OperationContext, { authorityId }: AuthorityRow, passphrase: string) {
  const key = createPrivateKey(context.vault.authorities.privateKeyPem(authorityId));
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  return toPem('ENCRYPTED PRIVATE KEY', await encryptedPrivateKey(pkcs8, passphrase, encryptModern));
}

/**
 * In no order; also what came with the authority and is known by its serial number only. Written while others may revoke:
 * what they may take back again is not in the CRL beside it, and counts as valid here.
 */
async function registerOf(context: OperationContext, { authorityId }: AuthorityRow): Promise<string> {
  const { vault } = context;
  const lines: string[] = [];
  for await (const entries of registerEntries(vault, authorityId)) {
    const open = openlyRevoked(context);
    const asInCrl = (one: IndexedCertificate) =>
      open.has(one.serialNumber) ? { ...one, revokedAt: undefined, reason: undefined } : one;
    lines.push(...entries.map(asInCrl).map(indexLine));
  }
  for await (const certificates of certificatePages(vault, { authorityId })) {
    const open = openlyRevoked(context);
    for (const { serialNumber, subject, notAfter, revokedAt, revocationReason, invalidityDate } of certificates) {
      const isRevoked = revokedAt !== null && !open.has(serialNumber);
      lines.push(
        indexLine({
          serialNumber,
          subject,
          notAfter: new Date(notAfter),
          revokedAt: isRevoked ? new Date(revokedAt) : undefined,
          reason: isRevoked ? (revocationReason ?? undefined) : undefined,
          invalidityDate: isRevoked && invalidityDate !== null ? new Date(invalidityDate) : undefined,
        }),
      );
    }
  }
  return lines.join('');
}
