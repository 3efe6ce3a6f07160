import { createPrivateKey, createPublicKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { generateKeyPair, keyAlgorithmOf } from '../../../electron/authority/keys.ts';
import { keyAlgorithmSchema } from '../../../shared/model/certificate.ts';

test.each(keyAlgorithmSchema.options)('%s: both halves are standard encodings of one key', async (algorithm) => {
  const { privateKeyPem, publicKey } = await generateKeyPair(algorithm);
  expect(privateKeyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  const key = createPrivateKey(privateKeyPem);
  expect(keyAlgorithmOf(key)).toBe(algorithm);
  expect(createPublicKey(key).export({ type: 'spki', format: 'der' })).toEqual(publicKey);
  expect(key.export({ type: 'pkcs8', format: 'pem' })).toBe(privateKeyPem);
});

test('no two keys are the same', async () => {
  const [one, other] = await Promise.all([generateKeyPair('EC-P256'), generateKeyPair('EC-P256')]);
  expect(one.publicKey).not.toEqual(other.publicKey);
});
