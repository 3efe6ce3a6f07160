// Everything that the authority stands for, in the folders of the mTLS document (`certs/{ca,broker,devices/<id>,jwt}`)
// and with the register of `openssl ca` beside it: a site that still runs the scripts can go on from here.
// - Public unless private keys are asked for. The key of the authority leaves only under a passphrase of its own.
// - Keys of plants leave in the clear, so they are handed over: their copies here are destroyed. Keys that were handed
//   over before, or made on the device, are in no archive; README.txt counts them.
// - The private halves of token keys leave the vault in no form.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { tokenKeyFileNames } from '../../shared/contract/authority.ts';
import type { AuthorityFileName } from '../../shared/model/credential-export.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { fromLongPem, fromPem } from '../authority/pem.ts';
import { plainFileName } from '../device/bundle/stick-files.ts';
import { type PackedFile, packFiles } from '../platform/tar.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import { readAuthority, requireAuthority } from './authority.ts';
import { audit, type OperationContext } from './context.ts';
import { storeHandOver } from './credential-lifecycle.ts';
import { joinCrls } from './crl-bodies.ts';
import { type AuthorityFolder, authorityFolders } from './export-authority-files.ts';
import { type ExportedFile, privateKeyOf } from './export-credential.ts';
import { withLeavingCrls } from './open-revocations.ts';
import { publicTokenKeyFile } from './plant-tokens.ts';
import { liveStates } from './plants.ts';

export type SetOptions = {
  /** Keys of the brokers, and of plants as far as they are here. */
  readonly withPrivateKeys: boolean;
  /** Puts the authority's key in, encrypted by this. */
  readonly authorityPassphrase?: string | undefined;
  /** Throws while somebody carries this plant's credential to its device. */
  assertFree(plantId: PlantId): void;
};

const readableMode = 0o644;
/** In one transaction: 10 ms, and one wait for the disk. */
const handedOverAtOnce = 20;

/** Throws `authority/absent`, and what `assertFree` throws when keys of plants would be handed over. */
export async function exportCertificateSet(context: OperationContext, options: SetOptions): Promise<ExportedFile> {
  const authority = requireAuthority(context);
  const at = context.clock.now();
  const folders = await authorityFolders(context, options.authorityPassphrase);
  const folderOf = new Map(folders.map((one) => [one.authority.authorityId, one.folder]));
  const brokers = brokerFiles(context, options, folderOf);
  const devices: Devices = { plants: 0, handedOver: [] };
  const facts = (): Facts => ({
    withAuthorityKey: options.authorityPassphrase !== undefined,
    withPrivateKeys: options.withPrivateKeys,
    plants: devices.plants,
    plantKeys: devices.handedOver.length,
    plantKeysNotHere: options.withPrivateKeys ? devices.plants - devices.handedOver.length : 0,
    brokers: brokers.count,
  });
  function* files(): Generator<PackedFile> {
    for (const { files } of folders) yield* files;
    yield* brokers.files;
    yield* deviceFiles(context, options, folderOf, devices);
    for (const name of tokenKeyFileNames) {
      yield { name: `certs/jwt/${name}`, content: publicTokenKeyFile(context, name), mode: readableMode };
    }
    yield { name: 'certs/README.txt', content: readme(folders, facts(), at), mode: readableMode };
  }
  const content = await packFiles(files(), at);
  for (const { plantId } of devices.handedOver) options.assertFree(plantId);
  await handOver(context, devices.handedOver);
  audit(context, 'authority.export', authority.subject, facts());
  return { name: `voke-certs-${at.toISOString().slice(0, 10)}.tar`, type: 'application/x-tar', content };
}

/** Where what an authority has issued belongs, by its id. What one issued that is in no folder is of no use to anybody. */
type Folders = ReadonlyMap<string, string>;

function brokerFiles({ vault }: OperationContext, { withPrivateKeys }: SetOptions, folderOf: Folders) {
  const brokers = vault.brokers.list().flatMap(({ name, certificateSerialNumber }) => {
    const certificate = certificateSerialNumber ? vault.certificates.get(certificateSerialNumber) : undefined;
    const folder = certificate && folderOf.get(certificate.authorityId);
    return certificate && folder !== undefined ? [{ name, certificate, inFolder: folder }] : [];
  });
  const names = new Set<string>();
  const files = brokers.flatMap(({ name, certificate, inFolder }): PackedFile[] => {
    const folder = `${inFolder}/broker${brokers.length === 1 ? '' : `/${freeName(plainFileName(name), names)}`}`;
    const key = withPrivateKeys ? vault.certificates.privateKeyPem(certificate.serialNumber) : undefined;
    return [
      { name: `${folder}/server.crt`, content: certificate.certificatePem, mode: readableMode },
      ...(key === undefined ? [] : [{ name: `${folder}/server.key`, content: key }]),
    ];
  });
  return { files, count: brokers.length };
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}-${number}`;
  taken.add(name);
  return name;
}

/** What was packed. */
type Devices = { plants: number; readonly handedOver: CredentialRow[] };

/** The newest certificate of every plant that could connect, read one by one, and counted in `devices`. */
function* deviceFiles(
  context: OperationContext,
  { withPrivateKeys, assertFree }: SetOptions,
  folderOf: Folders,
  devices: Devices,
): Generator<PackedFile> {
  const { credentials, certificates } = context.vault;
  const known = new Set<string>();
  for (const credentialId of credentials.idsInStates(liveStates)) {
    const credential = credentials.get(credentialId);
    // It may have been retired since the ids were read.
    if (!credential || !liveStates.includes(credential.state) || known.has(credential.plantId)) continue;
    known.add(credential.plantId);
    const certificate = certificates.get(credential.certificateSerialNumber ?? '');
    const inFolder = certificate && folderOf.get(certificate.authorityId);
    if (!certificate || inFolder === undefined) continue;
    // Both at once: by the next step the key may have been handed over elsewhere.
    const key = withPrivateKeys ? privateKeyOf(context, credential) : undefined;
    if (key !== undefined) assertFree(credential.plantId);
    devices.plants += 1;
    const folder = `${inFolder}/devices/${credential.plantId}`;
    yield { name: `${folder}/device.crt`, content: certificate.certificatePem, mode: readableMode };
    if (key === undefined) continue;
    devices.handedOver.push(credential);
    yield { name: `${folder}/device.key`, content: key };
  }
}

async function handOver(context: OperationContext, credentials: readonly CredentialRow[]): Promise<void> {
  const { vault } = context;
  for (let first = 0; first < credentials.length; first += handedOverAtOnce) {
    vault.transaction(() => {
      for (const { credentialId } of credentials.slice(first, first + handedOverAtOnce)) {
        const current = vault.credentials.get(credentialId);
        // Revoked or handed over meanwhile: there is nothing left to destroy.
        if (current?.secretsAvailable) storeHandOver(context, current, 'downloaded');
      }
    });
    await nextTurn();
  }
  if (credentials.length > 0) context.changed('plants');
}

type Facts = {
  readonly withAuthorityKey: boolean;
  readonly withPrivateKeys: boolean;
  readonly plants: number;
  readonly plantKeys: number;
  readonly plantKeysNotHere: number;
  readonly brokers: number;
};

const readme = (folders: readonly AuthorityFolder[], facts: Facts, at: Date): string =>
  [
    ...folders
      .slice(0, 1)
      .flatMap(({ authority: { subject, fingerprint } }) => [`Certificates of ${subject}`, `SHA-256 ${fingerprint}`]),
    `Written ${at.toISOString()}`,
    '',
    'ca/ca.crt, ca/ca.crl                 the authority, and its list of revoked certificates',
    facts.withAuthorityKey
      ? 'ca/ca.key                            its private key, under the passphrase given at the export (PKCS#8)'
      : 'ca/ca.key                            NOT HERE: it was not asked for',
    'ca/index.txt, serial, crlnumber      the register, for “openssl ca”',
    `broker/                              server.crt${facts.withPrivateKeys ? ' and server.key' : ''} of ${facts.brokers} brokers`,
    `devices/<plant id>/                  device.crt of ${facts.plants} plants${facts.withPrivateKeys ? `, device.key of ${facts.plantKeys}` : ''}`,
    ...(facts.plantKeysNotHere > 0
      ? [
          `                                     ${facts.plantKeysNotHere} private keys are NOT HERE: they were handed over before, or made on the device`,
        ]
      : []),
    'jwt/                                 the public key that tokens are checked with; its private half never leaves the vault',
    ...readmeOfOthers(folders.slice(1)),
    '',
    'Whoever issues by these files and goes on issuing by the console too has two registers that know nothing of each other.',
    '',
  ].join('\n');

const readmeOfOthers = (others: readonly AuthorityFolder[]): string[] =>
  others.length === 0
    ? []
    : [
        '',
        'Other authorities, each with the same folders for what it has issued:',
        ...others.map(
          ({ folder, authority: { subject, state }, hasKey }) =>
            `${folder.replace('certs/', '').concat('/').padEnd(37)}${state}: ${subject}${hasKey ? ', with its key' : ''}`,
        ),
        'While any of them is not retired, brokers need the ca.crt of all of these, one after the other in one file, and the ca.crl likewise.',
      ];

/** The authority's certificate or CRL as DER. Throws `authority/not-found`. */
export async function authorityDerFile(context: OperationContext, name: AuthorityFileName): Promise<ExportedFile> {
  switch (name) {
    case 'ca.der': {
      const { certificatePem } = readAuthority(context);
      return { name, type: 'application/pkix-cert', content: Uint8Array.from(fromPem('CERTIFICATE', certificatePem)) };
    }
    case 'ca-crl.der': {
      const pem = await withLeavingCrls(context, () => [readAuthority(context)], joinCrls);
      return { name, type: 'application/pkix-crl', content: await fromLongPem('X509 CRL', pem.toString('latin1')) };
    }
  }
}
