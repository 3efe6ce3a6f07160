import { expect, test } from 'vitest';
import { listeningCredential } from '../../../renderer/features/monitor/listening-identity.ts';
import { credentialSchema } from '../../../shared/model/provisioning.ts';

const now = Date.parse('2026-06-01T00:00:00Z');
const credential = (credentialId: string, more: object = {}) =>
  credentialSchema.parse({
    credentialId,
    plantId: '00000000-0000-4000-8000-000000000001',
    authMethod: 'TOKEN',
    state: 'issued',
    createdAt: '2026-01-01T00:00:00Z',
    expiresAt: null,
    certificateSerialNumber: null,
    secretsAvailable: true,
    ...more,
  });
const handedOver = { secretsAvailable: false, state: 'active' };
const chosen = (...credentials: ReturnType<typeof credential>[]) => listeningCredential(credentials, now);

test('the newest credential whose secrets are here and have not ended serves', () => {
  const ended = credential('ended', { expiresAt: '2026-05-01T00:00:00Z' });
  const until = credential('until', { expiresAt: '2026-07-01T00:00:00Z' });
  expect(chosen(ended, credential('away', handedOver), until, credential('old')).credential).toBe(until);
});

test.each([
  { credentials: [], because: /No credential was issued/ },
  { credentials: [credential('a', handedOver)], because: /handed over/ },
  { credentials: [credential('a', { expiresAt: '2026-05-01T00:00:00Z' })], because: /has ended on 2026-0/ },
  { credentials: [credential('a', { state: 'revoked' })], because: /withdrawn/ },
])('none serves: $because', ({ credentials, because }) => {
  expect(chosen(...credentials)).toEqual({ credential: null, because: expect.stringMatching(because) as string });
});
