import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VaultKeeper } from '../../../electron/core/vault-keeper.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import type { VaultState } from '../../../shared/model/vault.ts';
import { vaultPath } from '../../support/vault.ts';
import { testPassphrase, weakKdf } from '../../support/vault-constants.ts';

const minute = 60_000;
let now: number;
let busy: boolean;
let told: VaultState[];
let keeper: VaultKeeper;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  now = Date.UTC(2026, 10, 21);
  busy = false;
  told = [];
  keeper = new VaultKeeper({
    file: { path: await vaultPath(), weakKdfForTestsOnly: weakKdf },
    clock: { now: () => new Date(now) },
    logger: silentLogger,
    isBusy: () => busy,
    onChange: (state) => told.push(state),
  });
  await keeper.create(testPassphrase);
});
afterEach(() => {
  keeper.close();
  vi.useRealTimers();
});

/** Lets time pass in which nobody calls. */
const pass = (milliseconds: number) => {
  now += milliseconds;
  vi.advanceTimersByTime(10_000);
};

describe('the idle lock', () => {
  it('locks after a quarter of an hour without anybody, and says so', () => {
    pass(14 * minute);
    expect(keeper.state()).toBe('unlocked');
    pass(minute);
    expect(keeper.state()).toBe('locked');
    expect(told).toEqual(['unlocked', 'locked']);
    expect(() => keeper.require()).toThrow(expect.objectContaining({ code: 'vault/locked' }));
  });

  it('begins to count anew whenever somebody is there', () => {
    for (let i = 0; i < 5; i++) {
      pass(14 * minute);
      keeper.touch();
    }
    expect(keeper.state()).toBe('unlocked');
  });

  it('waits for the work that is under way', () => {
    busy = true;
    pass(60 * minute);
    expect(keeper.state()).toBe('unlocked');
    busy = false;
    pass(0);
    expect(keeper.state()).toBe('locked');
  });

  it('takes as long as was set, and is off at 0', () => {
    keeper.setIdleMinutes(60);
    pass(59 * minute);
    expect(keeper.state()).toBe('unlocked');
    keeper.setIdleMinutes(0);
    pass(48 * 60 * minute);
    expect(keeper.state()).toBe('unlocked');
  });
});

it('gives the same vault to whoever unlocks an open one, and tells nobody', async () => {
  const open = keeper.open();
  await keeper.unlock(testPassphrase);
  expect(keeper.open()).toBe(open);
  expect(told).toEqual(['unlocked']);
});

it('lets go at once when it is locked', async () => {
  const open = keeper.require();
  keeper.lock('by hand');
  expect(keeper.open()).toBeUndefined();
  expect(() => open.plants.list()).toThrow(expect.objectContaining({ code: 'vault/locked' }));
});
