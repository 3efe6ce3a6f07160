import { expect, test } from 'vitest';
import { OwnAddress } from '../../../electron/host-loopback/own-address.ts';

test('is the loopback address with the port, under both its names', () => {
  const address = new OwnAddress(8090);
  expect(address.origin).toBe('http://127.0.0.1:8090');
  expect(['127.0.0.1:8090', 'localhost:8090'].every((host) => address.isOwnHost(host))).toBe(true);
  for (const host of ['127.0.0.1', 'localhost', '127.0.0.1:80900', '127.0.0.1:8090.evil.example', '', undefined]) {
    expect(address.isOwnHost(host), host).toBe(false);
  }
});

test("HTTP's own port is left out, as browsers leave it out", () => {
  const address = new OwnAddress(80);
  expect(address.isOwnHost('127.0.0.1')).toBe(true);
  expect(address.isOwnHost('127.0.0.1:80')).toBe(false);
  expect(address.webSocketOrigins).toEqual(['ws://127.0.0.1', 'ws://localhost']);
});
