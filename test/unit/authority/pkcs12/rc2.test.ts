import { expect, it } from 'vitest';
import { decryptRc2Cbc } from '../../../../electron/authority/pkcs12/rc2.ts';

/** RFC 2268, section 5: key, effective bits, plaintext, ciphertext. */
const vectors = [
  ['0000000000000000', 63, '0000000000000000', 'ebb773f993278eff'],
  ['ffffffffffffffff', 64, 'ffffffffffffffff', '278b27e42e2f0d49'],
  ['3000000000000000', 64, '1000000000000001', '30649edf9be7d2c2'],
  ['88', 64, '0000000000000000', '61a8a244adacccf0'],
  ['88bca90e90875a', 64, '0000000000000000', '6ccf4308974c267f'],
  ['88bca90e90875a7f0f79c384627bafb2', 64, '0000000000000000', '1a807d272bbe5db1'],
  ['88bca90e90875a7f0f79c384627bafb2', 128, '0000000000000000', '2269552ab0f85ca6'],
] as const;

it.each(vectors)('opens the vector of key %s with %i bits', (key, bits, plain, cipher) => {
  // The IV makes of the plain block one that ends in padding, which CBC takes off again.
  const padded = Buffer.from('00112233445566', 'hex');
  const iv = Buffer.from(plain, 'hex').map((octet, index) => octet ^ (padded[index] ?? 1));
  expect(decryptRc2Cbc(Buffer.from(key, 'hex'), bits, Buffer.from(iv), Buffer.from(cipher, 'hex'))).toEqual(padded);
});

it('refuses what has no padding', () => {
  const [key, iv] = [Buffer.alloc(5), Buffer.alloc(8)];
  expect(() => decryptRc2Cbc(key, 40, iv, Buffer.alloc(8))).toThrow(RangeError);
  expect(() => decryptRc2Cbc(key, 40, iv, Buffer.alloc(7))).toThrow(RangeError);
  expect(() => decryptRc2Cbc(key, 40, iv, Buffer.alloc(0))).toThrow(RangeError);
});
