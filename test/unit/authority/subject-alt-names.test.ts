import { expect, test } from 'vitest';
import {
  distinctNames,
  encodeSubjectAltNames,
  hostName,
  readSubjectAltNames,
  uriName,
} from '../../../electron/authority/subject-alt-names.ts';

test.each([
  ['mqtt.example.com', '8210', 'DNS:mqtt.example.com'],
  ['10.1.2.3', '87040a010203', 'IP:10.1.2.3'],
  ['::1', `8710${'00'.repeat(15)}01`, 'IP:::1'],
  ['2001:DB8::a:b', '871020010db80000000000000000000a000b', 'IP:2001:db8::a:b'],
  ['::ffff:1.2.3.4', '871000000000000000000000ffff01020304', 'IP:::ffff:102:304'],
  ['1:2:3:4:5:6:7:8', '871000010002000300040005000600070008', 'IP:1:2:3:4:5:6:7:8'],
])('%s', (input, encoding, text) => {
  const name = hostName(input);
  expect(name.der.toString('hex').startsWith(encoding)).toBe(true);
  expect(name.text).toBe(text);
  expect(readSubjectAltNames(encodeSubjectAltNames([name]))).toEqual([text]);
});

test('names are lower case, and the same name counts once', () => {
  expect(distinctNames([hostName('MQTT.example'), hostName('mqtt.example')]).map(({ text }) => text)).toEqual([
    'DNS:mqtt.example',
  ]);
});

test('a URI is read back', () => {
  expect(readSubjectAltNames(encodeSubjectAltNames([uriName('urn:uuid:x')]))).toEqual(['URI:urn:uuid:x']);
});

test.each([
  '',
  ' ',
  '*.example.com',
  'a b',
  'höst',
  '1.2.3',
  '1.2.3.256',
  'fe80::1%eth0',
  'a.',
  'x\u0000y',
  `${'a'.repeat(64)}.com`,
])('refuses %j', (input) => {
  expect(() => hostName(input)).toThrow(expect.objectContaining({ code: 'authority/invalid-name' }));
});
