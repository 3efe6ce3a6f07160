import { expect, it } from 'vitest';
import { rolloverOf } from '../../../renderer/features/authority/token-rollover.ts';
import type { TokenKey, TokenKeyState } from '../../../shared/model/token-key.ts';

const key = (keyId: string, state: TokenKeyState, brokersBehind: string[] = []): TokenKey => ({
  keyId,
  state,
  createdAt: '2026-01-01T00:00:00.000Z',
  plantCount: 0,
  brokersBehind,
});

it('follows a change of the key from its beginning to the last push', () => {
  expect(rolloverOf([key('a', 'active')])).toEqual({ stage: 'none', untold: [] });
  expect(rolloverOf([key('b', 'trusted', ['Hall 3']), key('a', 'active')])).toMatchObject({ stage: 'trust' });
  expect(rolloverOf([key('b', 'trusted'), key('a', 'active')])).toMatchObject({ stage: 'sign', next: { keyId: 'b' } });
  expect(rolloverOf([key('b', 'active'), key('a', 'trusted')])).toMatchObject({ stage: 'retire', old: { keyId: 'a' } });
  expect(rolloverOf([key('b', 'active'), key('a', 'retired', ['Hall 3'])])).toEqual({
    stage: 'none',
    untold: ['Hall 3'],
  });
});
