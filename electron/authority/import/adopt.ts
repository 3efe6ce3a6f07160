// An authority out of whatever its files are called and however they are arranged. Which of them is the authority is seen
// by its key: it is the one certificate of an authority whose private key is there. All the rest must fit it.

import { ConsoleError } from '../../../shared/model/errors.ts';
import { inSlices } from '../../platform/slices.ts';
import { setFolderIn } from '../export/set-folders.ts';
import { plainSerial } from './index-file.ts';
import type { ImportedCertificate } from './issued-certificates.ts';
import {
  collectMaterial,
  type FoundCertificate,
  type FoundKey,
  type ImportFile,
  type LeftOut,
  type Material,
} from './material.ts';
import { type ImportedAuthority, readOpensslAuthority } from './openssl-authority.ts';
import { buildRegister, type RegisterEntry } from './register.ts';

export type AdoptedAuthority = Omit<ImportedAuthority, 'unseen'> & {
  /** What stays known by its serial number only. */
  readonly register: readonly RegisterEntry[];
  /** What the file `serial` says would have come next. */
  readonly nextSerial: string | undefined;
  readonly leftOut: readonly LeftOut[];
};

/** Throws `authority/import-incomplete`, `authority/import-not-root`, and what `readOpensslAuthority` throws. */
export async function adoptAuthority(files: readonly ImportFile[], passphrase?: string): Promise<AdoptedAuthority> {
  const { own, others: otherAuthorities } = apartFromOthers(files);
  const material = await collectMaterial(own, passphrase);
  refuseSwappedKeys(material);
  const { certificate: authority, key, older } = chooseAuthority(material);
  const rootNames = new Set([authority, ...older].map(({ parsed }) => parsed.fingerprint256));
  const olderSerials = new Set(older.map(({ parsed }) => plainSerial(parsed.serialNumber)));
  const keys = new Map(material.keys.map((found) => [found.keyName, found]));
  const { unseen: notGiven, ...read } = await readOpensslAuthority({
    keyPem: pemOf(key),
    certificatePem: authority.pem,
    crls: material.crls,
    index: material.index?.text,
    crlNumber: material.crlNumber,
    issued: material.certificates
      .filter(({ parsed }) => !rootNames.has(parsed.fingerprint256))
      .map(({ name, pem, keyName }) => {
        const own = keys.get(keyName);
        return { name, certificatePem: pem, ...(own && { keyPem: pemOf(own) }) };
      }),
  });
  const unseen = notGiven.filter(({ serialNumber }) => !olderSerials.has(serialNumber));
  const issued = read.issued.filter(isOfUse);
  const others = read.issued.filter((one) => !isOfUse(one));
  return {
    ...read,
    issued,
    register: await inSlices(buildRegister({ ...read, issued, others, unseen })),
    nextSerial: material.serial,
    leftOut: [
      ...otherAuthorities,
      ...material.leftOut,
      ...leftKeys(material),
      ...older.map(({ name }) => ({
        name,
        because: 'an older certificate of this authority, with the same key; the newest counts',
      })),
      ...others.map(({ certificate: { subject }, isAuthority }) => ({
        name: subject,
        because: isAuthority
          ? 'an authority below this one: known by its serial number only'
          : 'its key is of a kind that the console does not make: known by its serial number only',
      })),
    ],
  };
}

/** A set that was exported while one authority followed another holds both: what is adopted is the one that issues. */
function apartFromOthers(files: readonly ImportFile[]): {
  readonly own: readonly ImportFile[];
  readonly others: readonly LeftOut[];
} {
  const byFolder = Map.groupBy(files, ({ name }) => setFolderIn(name));
  const own = byFolder.get(undefined);
  // Somebody gave the folder of one authority by itself.
  if (!own) return { own: files, others: [] };
  byFolder.delete(undefined);
  const others = Array.from(byFolder, ([folder, { length }]) => ({
    name: `${folder}/`,
    because: `${length} files of another authority of this set; a vault of its own can adopt it`,
  }));
  return { own, others };
}

/** What the console can work with; whatever else was issued can still be revoked. */
const isOfUse = ({ certificate, isAuthority }: ImportedCertificate): boolean =>
  !isAuthority && certificate.keyAlgorithm !== null;

const pemOf = ({ key }: FoundKey): string => String(key.export({ type: 'pkcs8', format: 'pem' }));

function chooseAuthority({ certificates, keys, lockedKeys, leftOut }: Material): {
  readonly certificate: FoundCertificate;
  readonly key: FoundKey;
  /** Certificates that it had before, by the same key and name. */
  readonly older: readonly FoundCertificate[];
} {
  const authorities = certificates.filter(({ parsed }) => parsed.ca);
  const found = authorities.flatMap((certificate) => {
    const key = keys.find(({ keyName }) => keyName === certificate.keyName);
    return key ? [{ certificate, key }] : [];
  });
  const roots = found
    .filter(({ certificate }) => isRoot(certificate))
    .toSorted(
      (a, b) =>
        timeOf(b, 'validFromDate') - timeOf(a, 'validFromDate') || timeOf(b, 'validToDate') - timeOf(a, 'validToDate'),
    );
  const [chosen, ...others] = roots.length > 0 ? roots : found;
  const older = others.flatMap(({ certificate }) =>
    chosen && isSameRoot(certificate, chosen.certificate) ? certificate : [],
  );
  if (older.length < others.length) {
    const names = (roots.length > 0 ? roots : found).map(({ certificate }) => certificate.name).join(', ');
    throw new ConsoleError('authority/import-mismatch', {
      because: `the files hold more than one authority: ${names}`,
    });
  }
  if (chosen && roots.length === 0) throw new ConsoleError('authority/import-not-root');
  if (chosen) return { ...chosen, older };
  if (lockedKeys.length > 0) throw new ConsoleError('authority/key-locked', { because: lockedKeys.join(', ') });
  if (authorities.length === 0) {
    throw new ConsoleError('authority/import-incomplete', { because: 'no certificate of an authority is among them' });
  }
  const unread = leftOut.find(({ name }) => authorities.some((one) => stemOf(one.name) === stemOf(name)));
  throw new ConsoleError('authority/import-incomplete', {
    because: unread ? `${unread.name}: ${unread.because}` : 'the private key of the authority is not among them',
  });
}

const timeOf = (
  { certificate: { parsed } }: { readonly certificate: FoundCertificate },
  which: 'validFromDate' | 'validToDate',
): number => parsed[which].getTime();

const isSameRoot = (one: FoundCertificate, other: FoundCertificate): boolean =>
  one.keyName === other.keyName && one.parsed.subject === other.parsed.subject;

const isRoot = ({ parsed }: FoundCertificate): boolean => parsed.checkIssued(parsed) && parsed.verify(parsed.publicKey);

/** Where a key lies for a certificate by its name: `device.crt` and `device.key`, `issued/x.crt` and `private/x.key`. */
const stemOf = (name: string): string => name.replace(/(^|\/)(issued|private)\//, '$1').replace(/\.[^./]+$/, '');

/** A key beside the certificate of another key is a mistake of somebody's, not a detail. */
function refuseSwappedKeys({ certificates, keys }: Material): void {
  const byStem = Map.groupBy(certificates, ({ name }) => stemOf(name));
  for (const { name, keyName } of keys) {
    const beside = byStem.get(stemOf(name)) ?? [];
    const [first] = beside;
    if (first && !beside.some((certificate) => certificate.keyName === keyName)) {
      throw new ConsoleError('authority/import-mismatch', {
        because: `${name} is not the key of ${first.name}`,
        details: { file: name },
      });
    }
  }
}

function leftKeys({ certificates, keys, lockedKeys }: Material): LeftOut[] {
  const known = new Set(certificates.map(({ keyName }) => keyName));
  return [
    ...keys
      .filter(({ keyName }) => !known.has(keyName))
      .map(({ name }) => ({ name, because: 'the key of no certificate among the files' })),
    ...lockedKeys.map((name) => ({ name, because: 'a key or PKCS#12 that the passphrase does not open' })),
  ];
}
