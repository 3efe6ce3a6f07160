import { expect, test } from 'vitest';
import { deploymentStateOf } from '../../../electron/operations/deployment-state.ts';
import type { CredentialRow } from '../../../electron/vault/rows/credentials.ts';
import { credentialRow, deviceStateRow } from '../../support/vault-rows.ts';

const credential = (id: string, row: Partial<CredentialRow> = {}): CredentialRow => ({
  ...credentialRow(id),
  handedOverAt: null,
  secretsAvailable: false,
  ...row,
});
const waiting = credential('new', { secretsAvailable: true });
const inForce = credential('old', { state: 'active' });
const holds = (credentialId: string | null) => deviceStateRow({ credentialId });

test.each([
  ['unknown', 'nothing is known', [], undefined],
  ['unknown', 'it was handed over by other ways', [credential('new', { state: 'deployed' })], undefined],
  ['inVault', 'nobody has looked yet', [waiting], undefined],
  ['inVault', 'the device holds the one before', [waiting, inForce], holds('old')],
  ['onDevice', 'it has not proved itself', [credential('new', { state: 'deployed' }), inForce], holds('new')],
  ['onDevice', 'the device went back', [credential('new', { state: 'active' }), inForce], holds('old')],
  ['matched', 'it is in force', [inForce], holds('old')],
  ['lost', 'the device is empty', [inForce], deviceStateRow({ outcome: 'lost', credentialId: null, files: [] })],
  ['foreign', 'the device holds something else', [inForce], holds(null)],
  ['unknown', 'a deployment was cut off', [inForce], deviceStateRow({ outcome: 'uncertain', credentialId: 'old' })],
] as const)('%s: %s', (expected, _why, live, known) => {
  expect(deploymentStateOf(live, known)).toBe(expected);
});
