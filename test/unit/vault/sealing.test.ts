import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { Sealer } from '../../../electron/vault/sealing.ts';

const place = { table: 'devices', row: 'a', column: 'loginSecret' };

test('a value opens only in its place', () => {
  const sealer = new Sealer(randomBytes(32));
  const sealed = sealer.seal(place, 'p4ssw0rd – Žluťoučký');
  expect(sealer.open(place, sealed)).toBe('p4ssw0rd – Žluťoučký');
  for (const elsewhere of [{ table: 'x' }, { row: 'b' }, { column: 'x' }]) {
    expect(() => sealer.open({ ...place, ...elsewhere }, sealed)).toThrow(
      expect.objectContaining({ code: 'vault/damaged' }),
    );
  }
});

test('places whose parts run together are different places', () => {
  const sealer = new Sealer(randomBytes(32));
  const sealed = sealer.seal({ table: 't', row: 'a","b', column: 'c' }, 'secret');
  expect(() => sealer.open({ table: 't', row: 'a', column: 'b","c' }, sealed)).toThrow();
});

test('another data key does not open it', () => {
  const sealed = new Sealer(randomBytes(32)).seal(place, 'secret');
  expect(() => new Sealer(randomBytes(32)).open(place, sealed)).toThrow();
});

test('destroy wipes the key', () => {
  const dataKey = randomBytes(32);
  const sealer = new Sealer(dataKey);
  const sealed = sealer.seal(place, 'secret');
  sealer.destroy();
  expect(dataKey).toEqual(Buffer.alloc(32));
  expect(() => sealer.open(place, sealed)).toThrow();
});
