import { describe, expect, it } from 'vitest';
import { objectIdentifier, sequence, setOf, tag, tlv } from '../../../electron/authority/der.ts';
import {
  encodeDistinguishedName,
  parseDistinguishedName,
  readDistinguishedName,
} from '../../../electron/authority/distinguished-name.ts';
import { nextGenerationOf } from '../../../electron/authority/next-subject.ts';

const named = (subject: string) => encodeDistinguishedName(parseDistinguishedName(subject));
const nextOf = (old: Buffer, taken: readonly string[], wished?: string) =>
  readDistinguishedName(nextGenerationOf(old, taken, wished));

it.each([
  ['/C=CZ/O=Acme/CN=Acme Root CA', [], '/C=CZ/O=Acme/CN=Acme Root CA G2'],
  ['/CN=Acme Root CA G2', ['/CN=Acme Root CA'], '/CN=Acme Root CA G3'],
  ['/CN=Acme Root CA', ['/CN=Acme Root CA G2', '/CN=Acme Root CA G3'], '/CN=Acme Root CA G4'],
  ['/C=CZ/O=Acme', [], '/C=CZ/O=Acme/CN=Root CA G2'],
  [`/CN=${'x'.repeat(64)}`, [], `/CN=${'x'.repeat(61)} G2`],
])('%s is followed by the next number', (subject, others, expected) => {
  expect(nextOf(named(subject), [subject, ...others])).toBe(expected);
});

it('takes another name, and none that is taken', () => {
  expect(nextOf(named('/CN=Old'), ['/CN=Old'], 'CN=New,O=Acme')).toBe('/O=Acme/CN=New');
  expect(() => nextGenerationOf(named('/CN=Old'), ['/CN=Old'], 'CN=Old')).toThrow(
    expect.objectContaining({ code: 'authority/invalid-subject' }),
  );
});

describe('a name that others wrote', () => {
  const attribute = (oid: string, text: string, tagByte: number = tag.printableString) =>
    sequence(objectIdentifier(oid), tlv(tagByte, Buffer.from(text)));
  const country = setOf(attribute('2.5.4.6', 'cz'));
  const pseudonym = setOf(attribute('2.5.4.65', 'nobody', tag.teletexString));
  const commonName = (text: string, tagByte?: number) => attribute('2.5.4.3', text, tagByte);

  it('keeps every attribute but the common name byte for byte', () => {
    const old = sequence(country, setOf(commonName('Plant CA')), pseudonym);
    const next = sequence(country, setOf(commonName('Plant CA G2', tag.utf8String)), pseudonym);
    expect(nextGenerationOf(old, [readDistinguishedName(old)])).toEqual(next);
  });

  it('keeps attributes that stand together, in the order of DER', () => {
    const userId = attribute('0.9.2342.19200300.100.1.1', '7', tag.utf8String);
    const old = sequence(country, tlv(tag.set, commonName('y'), userId));
    const next = nextGenerationOf(old, [readDistinguishedName(old)]);
    expect(next).toEqual(sequence(country, tlv(tag.set, commonName('y G2', tag.utf8String), userId)));
    const long = nextGenerationOf(sequence(tlv(tag.set, userId, commonName('a longer common name'))), []);
    expect(long).toEqual(sequence(tlv(tag.set, userId, commonName('a longer common name G2', tag.utf8String))));
  });
});
