import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { generateSigningSecret, signMessage, verifySignature } from '../../../electron/credentials/signatures.ts';

const plantId = 'a1b2c3d4-0000-0000-0000-000000000001';
const secret = 'kľúč'.repeat(8);
const command = { cmdId: 'c1', ts: 1700000000000, type: 'CHARGE', p: { b: 1.5, a: ['ž', null, true] } };
const snapshot = {
  ts: 1,
  n: 'deadbeef',
  timestamp: 1,
  devices: [{ externalId: 'm1', type: 'METER', values: { w: 5 } }],
};

test('a command is signed over deviceId | cmdId | ts | type | canonical JSON', () => {
  const text = `${plantId}|c1|1700000000000|CHARGE|{"a":["ž",null,true],"b":1.5}`;
  expect(signMessage('command', plantId, command, secret)).toBe(
    createHmac('sha256', secret).update(text).digest('hex'),
  );
});

test('what was signed is right, in small and capital digits', () => {
  const sig = signMessage('telemetry', plantId, snapshot, secret);
  expect(verifySignature('telemetry', plantId, { ...snapshot, sig }, secret)).toBe(true);
  expect(verifySignature('telemetry', plantId, { ...snapshot, sig: sig.toUpperCase() }, secret)).toBe(true);
});

test('another value, plant, secret or kind is wrong', () => {
  const signed = { ...snapshot, sig: signMessage('telemetry', plantId, snapshot, secret) };
  expect(verifySignature('telemetry', plantId, { ...signed, ts: 2 }, secret)).toBe(false);
  expect(verifySignature('telemetry', plantId, { ...signed, devices: [] }, secret)).toBe(false);
  expect(verifySignature('telemetry', `${plantId}0`, signed, secret)).toBe(false);
  expect(verifySignature('telemetry', plantId, signed, `${secret}x`)).toBe(false);
  expect(verifySignature('alarm', plantId, signed, secret)).toBe(false);
});

test.each([undefined, null, 7, '', 'x'.repeat(64), 'a'.repeat(63), ['a'.repeat(64)]])('%j is no signature', (sig) => {
  expect(verifySignature('telemetry', plantId, { ...snapshot, sig }, secret)).toBe(false);
});

test('a message that has no text is wrong, not an error', () => {
  const sig = 'a'.repeat(64);
  expect(verifySignature('command', plantId, { ...command, type: JSON.parse('{"toString":1}'), sig }, secret)).toBe(
    false,
  );
  const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  expect(verifySignature('command', plantId, { ...command, p: deep, sig }, secret)).toBe(false);
});

test('a signing secret has at least 32 characters, another each time', () => {
  expect(generateSigningSecret()).toMatch(/^[A-Za-z0-9]{48}$/);
  expect(generateSigningSecret()).not.toBe(generateSigningSecret());
});
