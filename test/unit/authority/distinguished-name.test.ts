import { expect, test } from 'vitest';
import {
  encodeDistinguishedName,
  formatDistinguishedName,
  parseDistinguishedName,
  readDistinguishedName,
} from '../../../electron/authority/distinguished-name.ts';
import { authorityDefaults } from '../../../shared/model/certificate.ts';

const acme = [
  { type: 'C', value: 'DE' },
  { type: 'O', value: 'Acme' },
  { type: 'CN', value: 'Acme Root CA' },
];

test('reads the form of openssl -subj', () => {
  expect(parseDistinguishedName('/C=DE/O=Acme/CN=Acme Root CA')).toEqual(acme);
});

test('reads RFC 4514, which stands the other way round', () => {
  expect(parseDistinguishedName('CN=Acme Root CA, O=Acme, C=DE')).toEqual(acme);
});

test.each([
  authorityDefaults.subject,
  '/C=CZ/ST=Praha/L=Žižkov/O=CPI a.s./OU=IoT/CN=Kořen/emailAddress=pki@example.com',
  '/DC=com/DC=example/UID=u1/serialNumber=12-3/CN=x',
  '/CN=a\\/b\\+c\\,d\\\\e=f',
])('%s comes back from its encoding', (text) => {
  const name = parseDistinguishedName(text);
  expect(formatDistinguishedName(name)).toBe(text);
  expect(readDistinguishedName(encodeDistinguishedName(name))).toBe(text);
});

test('types are known in any case, and escapes of RFC 4514 are UTF-8 octets', () => {
  expect(parseDistinguishedName('cn=Lu\\C4\\8Di\\C4\\87')).toEqual([{ type: 'CN', value: 'Lučić' }]);
});

test.each([
  ['nothing', ''],
  ['a lone slash', '/'],
  ['no type', 'Acme'],
  ['an unknown type', '/XX=1'],
  ['an empty value', '/C=CZ/CN='],
  ['a country of three letters', '/C=CZE/CN=x'],
  ['a country in small letters', '/C=cz/CN=x'],
  ['a common name of 65 characters', `/CN=${'x'.repeat(65)}`],
  ['a control character', '/CN=a\u0007b'],
  ['a line feed', '/CN=a\nb'],
  ['a bidirectional override', '/CN=a\u202eb'],
  ['half a surrogate pair', '/CN=a\ud800'],
  ['octets that are no UTF-8', '/CN=\\ff'],
  ['two attributes in one relative name', '/CN=a+O=b'],
  ['an address that is not ASCII', '/emailAddress=ž@example.com'],
])('refuses %s', (_what, text) => {
  expect(() => parseDistinguishedName(text)).toThrow(expect.objectContaining({ code: 'authority/invalid-subject' }));
});
