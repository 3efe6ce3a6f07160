// RC2 in CBC mode (RFC 2268), to read only: PKCS#12 files of old Windows and OpenSSL encrypt certificates by it, under keys
// of 40 bits. Neither OpenSSL 3 nor BoringSSL has it any more. It protects nothing; what needs protection is never written
// by it.

/** RFC 2268, section 2: a permutation of 0 to 255 out of the digits of pi. */
const pi = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb6266fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
);

const blockBytes = 8;

/** `effectiveBits` is 40 or 128 in PKCS#12. Throws RangeError when the padding is none: a wrong key, or no whole blocks. */
export function decryptRc2Cbc(key: Buffer, effectiveBits: number, iv: Buffer, ciphertext: Buffer): Buffer {
  const words = expandKey(key, effectiveBits);
  const plain = Buffer.alloc(ciphertext.length);
  let previous = iv;
  for (let at = 0; at + blockBytes <= ciphertext.length; at += blockBytes) {
    const block = ciphertext.subarray(at, at + blockBytes);
    const open = decryptBlock(words, block);
    for (const [index, octet] of open.entries()) plain[at + index] = octet ^ (previous[index] ?? 0);
    previous = block;
  }
  return withoutPadding(plain);
}

function withoutPadding(plain: Buffer): Buffer {
  const length = plain.at(-1) ?? 0;
  const padding = plain.subarray(plain.length - length);
  const isWhole = plain.length % blockBytes === 0 && length >= 1 && length <= blockBytes;
  if (!isWhole || padding.some((octet) => octet !== length)) throw new RangeError('not the padding of PKCS#5');
  return plain.subarray(0, plain.length - length);
}

/** Section 2. */
function expandKey(key: Buffer, effectiveBits: number): Uint16Array {
  const octets = Buffer.alloc(128);
  const at = (index: number): number => octets[index] ?? 0;
  const substitute = (index: number): number => pi[index & 0xff] ?? 0;
  key.copy(octets);
  for (let i = key.length; i < 128; i++) octets[i] = substitute(at(i - 1) + at(i - key.length));
  const effectiveBytes = Math.ceil(effectiveBits / 8);
  const mask = 0xff >> (8 * effectiveBytes - effectiveBits);
  octets[128 - effectiveBytes] = substitute(at(128 - effectiveBytes) & mask);
  for (let i = 127 - effectiveBytes; i >= 0; i--) octets[i] = substitute(at(i + 1) ^ at(i + effectiveBytes));
  return Uint16Array.from({ length: 64 }, (_, i) => octets.readUInt16LE(2 * i));
}

const rotations = [1, 2, 3, 5] as const;
/** Section 4: after these rounds comes a mashing one. */
const isBeforeMashing = (round: number): boolean => round === 11 || round === 5;

/** Section 4. */
function decryptBlock(words: Uint16Array, block: Buffer): Buffer {
  const r = Uint16Array.from({ length: 4 }, (_, i) => block.readUInt16LE(2 * i));
  const word = (index: number): number => r[index & 3] ?? 0;
  for (let round = 15; round >= 0; round--) {
    for (let i = 3; i >= 0; i--) {
      const turn = rotations[i] ?? 0;
      const rotated = ((word(i) >>> turn) | (word(i) << (16 - turn))) & 0xffff;
      const mixed = (words[4 * round + i] ?? 0) + (word(i - 1) & word(i - 2)) + (~word(i - 1) & word(i - 3));
      r[i] = rotated - mixed;
    }
    if (isBeforeMashing(round)) for (let i = 3; i >= 0; i--) r[i] = word(i) - (words[word(i - 1) & 63] ?? 0);
  }
  const plain = Buffer.alloc(blockBytes);
  for (const [index, value] of r.entries()) plain.writeUInt16LE(value, 2 * index);
  return plain;
}
