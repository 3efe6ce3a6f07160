import { createHmac, createPublicKey, pbkdf2Sync, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  smallInteger,
  tag,
} from '../../../../electron/authority/der.ts';
import { readChildren, readElement, readOctets, readSequence } from '../../../../electron/authority/der-reader.ts';
import { looksLikePkcs12, readPkcs12 } from '../../../../electron/authority/pkcs12/read.ts';
import { writePkcs12 } from '../../../../electron/authority/pkcs12/write.ts';
import { createAuthority } from '../../../../electron/authority/root.ts';
import { certificateInBerFiles, fileOfBouncyCastle, fileOfNss, passwordOfBerFiles } from './ber-files.ts';

const locked = { code: 'authority/key-locked' };
const refused = { code: 'authority/invalid-material' };
const password = 'Žluťoučký kůň';

async function expectPair(file: Buffer, given: string, fingerprint: string) {
  const { certificates, keys } = await readPkcs12(file, given);
  expect(keys).toHaveLength(1);
  expect(certificates).toHaveLength(1);
  const [key, certificate] = [keys[0], new X509Certificate(certificates[0] ?? Buffer.alloc(0))];
  expect(certificate.fingerprint256).toBe(fingerprint);
  expect(key && createPublicKey(key).equals(certificate.publicKey)).toBe(true);
}

describe('a file in BER', () => {
  it.each([
    ['NSS', fileOfNss],
    ['Bouncy Castle', fileOfBouncyCastle],
  ])('as %s writes it is read', async (_program, file) => {
    expect(file.subarray(0, 2)).toEqual(Buffer.of(tag.sequence, 0x80));
    expect(looksLikePkcs12(file)).toBe(true);
    await expectPair(file, passwordOfBerFiles, certificateInBerFiles);
    await expect(readPkcs12(file.subarray(0, -2), passwordOfBerFiles)).rejects.toMatchObject(refused);
  });

  it('is not opened by another password', async () => {
    await expect(readPkcs12(fileOfBouncyCastle, 'swordfish-2')).rejects.toMatchObject(locked);
  });
});

describe('PBMAC1 (RFC 9579)', () => {
  let fingerprint: string;
  /** AuthenticatedSafe in its ContentInfo, and what the MAC is of. */
  let safe: { readonly info: Buffer; readonly content: Buffer };
  beforeAll(async () => {
    const { certificatePem, privateKeyPem } = await createAuthority({
      keyAlgorithm: 'EC-P256',
      subject: '/CN=Test Root',
      now: new Date(),
    });
    fingerprint = new X509Certificate(certificatePem).fingerprint256;
    const contents = { privateKeyPem, certificatePem, chainPems: [], name: 'root' };
    const [, info] = readSequence(readElement(await writePkcs12(contents, password, 'modern')));
    const explicit = readChildren(readSequence(info)[1], 0xa0)[0];
    safe = { info: info?.der ?? Buffer.alloc(0), content: readOctets(explicit, tag.octetString) };
  });

  const hmac = { sha256: '1.2.840.113549.2.9', sha512: '1.2.840.113549.2.11' } as const;
  const hashOf = (hash: keyof typeof hmac) => sequence(objectIdentifier(hmac[hash]), nullValue);

  type Choices = {
    readonly prf?: keyof typeof hmac;
    readonly mac?: keyof typeof hmac;
    readonly keyLength?: number | null;
  };

  function written({ prf = 'sha256', mac = 'sha256', keyLength = 32 }: Choices = {}): Buffer {
    const salt = Buffer.from('a0a1a2a3a4a5a6a7', 'hex');
    const key = pbkdf2Sync(password, salt, 2048, keyLength ?? 32, prf);
    const length = keyLength === null ? [] : [smallInteger(keyLength)];
    const derivation = sequence(octetString(salt), smallInteger(2048), ...length, hashOf(prf));
    const parameters = sequence(sequence(objectIdentifier('1.2.840.113549.1.5.12'), derivation), hashOf(mac));
    const digestInfo = sequence(
      sequence(objectIdentifier('1.2.840.113549.1.5.14'), parameters),
      octetString(createHmac(mac, key).update(safe.content).digest()),
    );
    // Salt and iterations of MacData stand there for old readers only.
    return sequence(
      smallInteger(3),
      safe.info,
      sequence(digestInfo, octetString(Buffer.from('NOT USED')), smallInteger(1)),
    );
  }

  it.each<Choices>([
    {},
    { prf: 'sha512', mac: 'sha512', keyLength: 64 },
    { prf: 'sha256', mac: 'sha512', keyLength: 64 },
  ])('is right or not under a password: %j', async (choices) => {
    const file = written(choices);
    // OpenSSL since 3.4, inside of Node, says of this file what we say.
    expect(() => createSecureContext({ pfx: file, passphrase: password })).not.toThrow();
    expect(() => createSecureContext({ pfx: file, passphrase: 'another' })).toThrow('mac verify failure');
    await expectPair(file, password, fingerprint);
    await expect(readPkcs12(file, 'another')).rejects.toMatchObject(locked);
    const damaged = Buffer.from(file);
    const at = damaged.indexOf(safe.content) + 40;
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    await expect(readPkcs12(damaged, password)).rejects.toMatchObject(locked);
  });

  it.each<Choices>([{ keyLength: null }, { keyLength: 19 }, { keyLength: 1000 }])(
    'is refused with a key that says nothing of who made it: %j',
    async (choices) => {
      await expect(readPkcs12(written(choices), password)).rejects.toMatchObject({
        ...refused,
        because: expect.stringContaining('PBMAC1'),
      });
    },
  );
});
