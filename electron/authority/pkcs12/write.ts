// A PKCS#12 file (RFC 7292): a private key, its certificate and the chain above it, under one password.
// Own code, since no library writes both forms for all our keys: node-forge knows no EC keys, pkijs no old form, and Node
// has no call for it. Of the platform it needs ciphers and hashes that Electron's BoringSSL has too.

import { createHash, createHmac, createPrivateKey, randomBytes } from 'node:crypto';
import {
  constructedTag,
  explicit,
  implicit,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  smallInteger,
  tag,
  tlv,
} from '../der.ts';
import { fromPem } from '../pem.ts';
import { bmpString, derivedFor, derivePkcs12, type Pkcs12Hash } from './derive.ts';
import {
  compatibleIterations,
  type Encryption,
  encryptCompatible,
  encryptedPrivateKey,
  encryptModern,
  modernIterations,
} from './encrypt.ts';

/** modern: AES-256 and a MAC with SHA-256. compatible: triple DES and SHA-1, which old HMIs and Windows before 10 read. */
export const pkcs12Forms = ['modern', 'compatible'] as const;
export type Pkcs12Form = (typeof pkcs12Forms)[number];

const forms: Readonly<
  Record<
    Pkcs12Form,
    { readonly encryption: Encryption; readonly hash: Pkcs12Hash; readonly hashId: string; readonly iterations: number }
  >
> = {
  modern: {
    encryption: encryptModern,
    hash: 'sha256',
    hashId: '2.16.840.1.101.3.4.2.1',
    iterations: modernIterations,
  },
  compatible: {
    encryption: encryptCompatible,
    hash: 'sha1',
    hashId: '1.3.14.3.2.26',
    iterations: compatibleIterations,
  },
};

const pkcs7Data = objectIdentifier('1.2.840.113549.1.7.1');
const pkcs7EncryptedData = objectIdentifier('1.2.840.113549.1.7.6');
const shroudedKeyBag = objectIdentifier('1.2.840.113549.1.12.10.1.2');
const certificateBag = objectIdentifier('1.2.840.113549.1.12.10.1.3');
const x509Certificate = objectIdentifier('1.2.840.113549.1.9.22.1');
const friendlyName = objectIdentifier('1.2.840.113549.1.9.20');
const localKeyId = objectIdentifier('1.2.840.113549.1.9.21');

export type Pkcs12Contents = {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
  /** Above the certificate, the nearest first. */
  readonly chainPems: readonly string[];
  /** What programs show beside the key. */
  readonly name: string;
};

/** The file, DER. `password` is ASCII: readers do not agree on anything else. */
export async function writePkcs12(contents: Pkcs12Contents, password: string, form: Pkcs12Form): Promise<Buffer> {
  const { encryption, hash, hashId, iterations } = forms[form];
  const certificate = fromPem('CERTIFICATE', contents.certificatePem);
  const attributes = attributesOf(contents.name, createHash('sha1').update(certificate).digest());
  const pkcs8 = createPrivateKey(contents.privateKeyPem).export({ type: 'pkcs8', format: 'der' });
  const key = bag(shroudedKeyBag, await encryptedPrivateKey(pkcs8, password, encryption), attributes);
  const certificates = [
    bag(certificateBag, certificateValue(certificate), attributes),
    ...contents.chainPems.map((pem) => bag(certificateBag, certificateValue(fromPem('CERTIFICATE', pem)))),
  ];
  const safe = sequence(await encryptedSafe(sequence(...certificates), password, encryption), dataSafe(sequence(key)));
  const salt = randomBytes(16);
  const macKey = await derivePkcs12({
    ...{ hash, password, salt, iterations },
    purpose: derivedFor.mac,
    length: hash === 'sha1' ? 20 : 32,
  });
  const digest = createHmac(hash, macKey).update(safe).digest();
  const digestInfo = sequence(sequence(objectIdentifier(hashId), nullValue), octetString(digest));
  return sequence(smallInteger(3), dataSafe(safe), sequence(digestInfo, octetString(salt), smallInteger(iterations)));
}

/** ContentInfo (RFC 5652) in the clear. */
const dataSafe = (content: Buffer): Buffer => sequence(pkcs7Data, explicit(0, octetString(content)));

async function encryptedSafe(content: Buffer, password: string, encryption: Encryption): Promise<Buffer> {
  const { algorithm, ciphertext } = await encryption(content, password);
  const encryptedData = sequence(smallInteger(0), sequence(pkcs7Data, algorithm, implicit(0, ciphertext)));
  return sequence(pkcs7EncryptedData, explicit(0, encryptedData));
}

const certificateValue = (der: Buffer): Buffer => sequence(x509Certificate, explicit(0, octetString(der)));

const bag = (type: Buffer, value: Buffer, attributes?: Buffer): Buffer =>
  sequence(type, tlv(constructedTag(0), value), ...(attributes ? [attributes] : []));

/** A key and its certificate are known to belong together by `keyId`. DER sorts a SET: the shorter one comes first. */
function attributesOf(name: string, keyId: Buffer): Buffer {
  const withoutZero = bmpString(name).subarray(0, -2);
  const both = [
    sequence(friendlyName, setOf(tlv(tag.bmpString, withoutZero))),
    sequence(localKeyId, setOf(octetString(keyId))),
  ].toSorted(Buffer.compare);
  return tlv(tag.set, ...both);
}
