import { expect, test } from 'vitest';
import { generatePassword, hashPassword, verifyPassword } from '../../../electron/credentials/passwords.ts';

test('a password is 32 letters and digits, another each time', () => {
  const passwords = Array.from({ length: 100 }, generatePassword);
  for (const password of passwords) expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
  expect(new Set(passwords).size).toBe(100);
});

test('a line has 1,000 iterations, a salt of 12 octets and a key of 64, in padded base64', async () => {
  const line = await hashPassword('secret');
  expect(line).toMatch(/^\$7\$1000\$[A-Za-z0-9+/]{16}\$[A-Za-z0-9+/]{86}==$/);
  expect(await hashPassword('secret')).not.toBe(line);
});

test('a password opens its own line and no other', async () => {
  const line = await hashPassword('secret', { iterations: 10 });
  expect(await verifyPassword('secret', line)).toBe(true);
  expect(await verifyPassword('Secret', line)).toBe(false);
  expect(await verifyPassword('', line)).toBe(false);
});

test('reads the line that mosquitto_passwd 2.0 wrote', async () => {
  const line =
    '$7$101$HPpJz2K1X31VP7re$R23crA2tN1i7aJIuOKAx0PQWY5PuI5YGMYt1imrjQxVxWmeVVOqSIbIic1G0ZgZZZAAfdHi8ZQTu2rCSJzdkMA==';
  expect(await verifyPassword('secret', line)).toBe(true);
});

test.each([
  '',
  '$7$',
  '$6$abc$def',
  'plc-a1b2c3d4',
  '$7$0$AAAAAAAAAAAAAAAA$AAAA',
  '$7$9999999$AAAAAAAAAAAAAAAA$AAAA',
  '$7$101$AAAA$AAAA',
  '$7$101$A$A',
  '$7$101$%%%%$%%%%',
])('%j lets nobody in, and is no error', async (line) => {
  expect(await verifyPassword('secret', line)).toBe(false);
});

test('a line with another iteration count, salt or key does not fit', async () => {
  const line = await hashPassword('secret', { iterations: 10 });
  const [, , , salt = '', key = ''] = line.split('$');
  const other = (text: string) => (text.startsWith('A') ? `B${text.slice(1)}` : `A${text.slice(1)}`);
  for (const spoiled of [`$7$11$${salt}$${key}`, `$7$10$${other(salt)}$${key}`, `$7$10$${salt}$${other(key)}`]) {
    expect(await verifyPassword('secret', spoiled)).toBe(false);
  }
});
