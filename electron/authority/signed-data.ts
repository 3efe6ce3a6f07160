// A signature beside what it signs: CMS SignedData (RFC 5652) without the content, with the certificate of its key inside,
// as `openssl cms -verify -content` takes it. The attributes are those of section 5.3: what kind of content, its hash, when.

import { createPrivateKey } from 'node:crypto';
import { sha256 } from '../platform/digest.ts';
import {
  constructedTag,
  explicit,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  smallInteger,
  tag,
  time,
  tlv,
} from './der.ts';
import { fromPem } from './pem.ts';
import { Signer } from './signer.ts';
import { readCertificateStructure } from './structure.ts';

const idData = objectIdentifier('1.2.840.113549.1.7.1');
const idSignedData = objectIdentifier('1.2.840.113549.1.7.2');
const idContentType = objectIdentifier('1.2.840.113549.1.9.3');
const idMessageDigest = objectIdentifier('1.2.840.113549.1.9.4');
const idSigningTime = objectIdentifier('1.2.840.113549.1.9.5');
/** Without parameters (RFC 5754, 2). */
const sha256Identifier = sequence(objectIdentifier('2.16.840.1.101.3.4.2.1'));
const version1 = smallInteger(1);

const attribute = (type: Buffer, value: Buffer): Buffer => sequence(type, setOf(value));

/** In the order that DER has for a SET OF: by their encodings (X.690, 11.6). */
const sorted = (parts: readonly Buffer[]): Buffer => Buffer.concat(parts.toSorted(Buffer.compare));

/**
 * The DER of a signature over `content` with the key of `certificatePem`, which hashes with SHA-256 (RSA, P-256).
 * Throws `authority/invalid-material` for a key of a kind that no certificate of ours has.
 */
export async function signDetached(
  content: Uint8Array,
  signedBy: { readonly certificatePem: string; readonly privateKeyPem: string },
  at: Date,
): Promise<Buffer> {
  const certificate = fromPem('CERTIFICATE', signedBy.certificatePem);
  const { issuer, serialNumber } = readCertificateStructure(certificate);
  const signer = new Signer(createPrivateKey(signedBy.privateKeyPem));
  const attributes = sorted([
    attribute(idContentType, idData),
    attribute(idMessageDigest, octetString(await sha256(content))),
    attribute(idSigningTime, time(at)),
  ]);
  const signerInfo = sequence(
    version1,
    sequence(issuer.der, serialNumber.der),
    sha256Identifier,
    tlv(constructedTag(0), attributes),
    signer.algorithmIdentifier,
    // Signed under the tag of a SET, though another one stands in its place (RFC 5652, 5.4).
    octetString(await signer.signature(tlv(tag.set, attributes))),
  );
  const signedData = sequence(
    version1,
    setOf(sha256Identifier),
    sequence(idData),
    tlv(constructedTag(0), certificate),
    setOf(signerInfo),
  );
  return sequence(idSignedData, explicit(0, signedData));
}
