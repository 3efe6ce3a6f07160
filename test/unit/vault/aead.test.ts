import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { decrypt, encrypt } from '../../../electron/vault/aead.ts';

const key = randomBytes(32);
const place = Buffer.from('place');
const plain = Buffer.from('a secret');

test('what was encrypted opens with the same key and associated data', () => {
  expect(decrypt(key, place, encrypt(key, place, plain))).toEqual(plain);
  expect(decrypt(key, place, encrypt(key, place, Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
});

test('every call takes another nonce', () => {
  expect(encrypt(key, place, plain)).not.toEqual(encrypt(key, place, plain));
});

test('another key, other associated data, a changed or a missing byte do not open', () => {
  const sealed = encrypt(key, place, plain);
  expect(decrypt(randomBytes(32), place, sealed)).toBeUndefined();
  expect(decrypt(key, Buffer.from('elsewhere'), sealed)).toBeUndefined();
  for (let i = 0; i < sealed.length; i++) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(i) ^ 1, i);
    expect(decrypt(key, place, changed), `byte ${i}`).toBeUndefined();
    expect(decrypt(key, place, sealed.subarray(0, i)), `cut at ${i}`).toBeUndefined();
  }
});
