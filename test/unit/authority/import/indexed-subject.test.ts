import { expect, it } from 'vitest';
import { objectIdentifier, sequence, setOf, tag, tlv } from '../../../../electron/authority/der.ts';
import { encodeDistinguishedName, parseDistinguishedName } from '../../../../electron/authority/distinguished-name.ts';
import { isSubjectOf } from '../../../../electron/authority/import/indexed-subject.ts';

const subject = (text: string) => encodeDistinguishedName(parseDistinguishedName(text));

it.each([
  ['/C=CZ/O=Z\\xC3\\xA1vod/CN=Pump 4', '/C=CZ/O=Závod/CN=Pump 4', true],
  ['/CN=\\xC4\\x8Cerpadlo', '/CN=Čerpadlo', true],
  ['/CN=Čerpadlo', '/CN=Čerpadlo', true],
  ['/CN=a/b', '/CN=a\\/b', true],
  ['/CN=a\\/b', '/CN=a\\/b', true],
  ['/CN=Pump 4/emailAddress=a@b.cz', '/CN=Pump 4/emailAddress=a@b.cz', true],
  ['unknown', '/CN=Pump 4', true],
  ['/CN=Pump 4', '/CN=Pump 5', false],
  ['/CN=Pump 44', '/CN=Pump 4', false],
  ['/CN=Pump 4', '/O=Acme', false],
])('%s for %s: %s', (indexed, name, expected) => {
  expect(isSubjectOf(indexed, subject(name))).toBe(expected);
});

it('knows how openssl writes two octets to a character', () => {
  const value = tlv(tag.bmpString, Buffer.from('P\0u\0', 'latin1').swap16());
  const name = sequence(setOf(sequence(objectIdentifier('2.5.4.3'), value)));
  expect(isSubjectOf('/CN=\\x00P\\x00u', name)).toBe(true);
  expect(isSubjectOf('/CN=Pu', name)).toBe(true);
  expect(isSubjectOf('/CN=Pump', name)).toBe(false);
});
