// Encryption that the openssl of a small PLC opens with nothing but a code on standard input.
// - The content is CMS EnvelopedData (RFC 5652) to an RSA key of this one bundle, whose private half travels along as
//   PKCS#8 under the code. CMS has recipients by password, too, but `openssl cms` takes those on its command line only,
//   where every user of the device could read them.
// - AES-256-CBC, since OpenSSL 1.1 and small builds know no authenticated mode in CMS: the content proves itself to be
//   whole by a hash inside it (contents.ts), which nobody can fit to a change without having read it.

// The certificate library's decorators look for this.
import 'reflect-metadata';

import { constants, createCipheriv, createHash, generateKeyPair, publicEncrypt, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import {
  CMSVersion,
  ContentInfo,
  EncryptedContent,
  EncryptedContentInfo,
  EnvelopedData,
  id_data,
  id_envelopedData,
  KeyTransRecipientInfo,
  RecipientIdentifier,
  RecipientInfo,
  RecipientInfos,
} from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, SubjectKeyIdentifier } from '@peculiar/asn1-x509';

const generate = promisify(generateKeyPair);

/** RSAES-OAEP-params of RFC 8017, A.2.1, with SHA-256 in both places. */
const oaepWithSha256 = new AlgorithmIdentifier({
  algorithm: '1.2.840.113549.1.1.7',
  parameters: Uint8Array.from(
    Buffer.from(
      '302fa00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500',
      'hex',
    ),
  ).buffer,
});
const aes256Cbc = '2.16.840.1.101.3.4.1.42';

/** Two PEM blocks: `ENCRYPTED PRIVATE KEY` under `passphrase`, and the `CMS` that it opens. */
export async function sealToPassphrase(content: string, passphrase: string): Promise<string> {
  const { privateKey, publicKey } = await generate('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase },
  });
  const contentKey = randomBytes(32);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', contentKey, iv);
  const encrypted = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()]);
  const recipient = new KeyTransRecipientInfo({
    version: CMSVersion.v2,
    rid: new RecipientIdentifier({
      subjectKeyIdentifier: new SubjectKeyIdentifier(createHash('sha256').update(publicKey).digest().subarray(0, 20)),
    }),
    keyEncryptionAlgorithm: oaepWithSha256,
    encryptedKey: new OctetString(
      publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, contentKey),
    ),
  });
  contentKey.fill(0);
  const enveloped = new EnvelopedData({
    version: CMSVersion.v2,
    recipientInfos: new RecipientInfos([new RecipientInfo({ ktri: recipient })]),
    encryptedContentInfo: new EncryptedContentInfo({
      contentType: id_data,
      contentEncryptionAlgorithm: new AlgorithmIdentifier({
        algorithm: aes256Cbc,
        parameters: AsnConvert.serialize(new OctetString(iv)),
      }),
      encryptedContent: new EncryptedContent({ value: new OctetString(encrypted) }),
    }),
  });
  const info = new ContentInfo({ contentType: id_envelopedData, content: AsnConvert.serialize(enveloped) });
  const base64 = Buffer.from(AsnConvert.serialize(info)).toString('base64');
  return `${privateKey}-----BEGIN CMS-----\n${lines(base64)}-----END CMS-----\n`;
}

const lines = (base64: string): string => base64.replaceAll(/.{1,64}/g, '$&\n');
