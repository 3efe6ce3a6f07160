import ssh2 from 'ssh2';
import { expect, it } from 'vitest';
import { newHostKey } from '../../../electron/practice/host-key.ts';

it('is made again when nobody could read it', () => {
  const good = newHostKey();
  const body = Buffer.from(good.private.split('\n').slice(1, -1).join(''), 'base64');
  const cut = body.subarray(0, -9).toString('base64');
  const broken = { ...good, private: `-----BEGIN OPENSSH PRIVATE KEY-----\n${cut}\n-----END OPENSSH PRIVATE KEY-----` };
  expect(ssh2.utils.parseKey(broken.private)).toBeInstanceOf(Error);
  const offered = [broken, broken, good];
  expect(newHostKey(() => offered.shift() ?? good)).toBe(good);
  expect(offered).toEqual([]);
});

it('can always be read', () => {
  for (let i = 0; i < 1000; i += 1) expect(ssh2.utils.parseKey(newHostKey().private)).not.toBeInstanceOf(Error);
});
