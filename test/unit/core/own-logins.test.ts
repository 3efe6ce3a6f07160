import { expect, it } from 'vitest';
import { OwnLogins } from '../../../electron/core/own-logins.ts';

const site = 'site';

function scene() {
  let now = 10_000;
  const logins = new OwnLogins({ now: () => new Date(now) });
  const at = (time: number) => {
    now = time;
  };
  return { logins, at };
}

it('knows its refusals without a name by their time, while it knocks and afterwards', () => {
  const { logins, at } = scene();
  expect(logins.includes(site, 10_000, 11_000)).toBe(false);
  const end = logins.begin(site);
  at(12_500);
  expect(logins.includes(site, 12_000, 13_000)).toBe(true);
  end();
  at(60_000);
  expect(logins.includes(site, 9000, 10_000)).toBe(false);
  // Logged to the second: the one that it ended in is its own, the next one is not.
  expect(logins.includes(site, 12_000, 13_000)).toBe(true);
  expect(logins.includes(site, 13_000, 14_000)).toBe(false);
  expect(logins.includes('another', 12_000, 13_000)).toBe(false);
});

it('knows its own client ids at any time, and those of a plant only while it uses them', () => {
  const { logins, at } = scene();
  const end = logins.begin(site, 'plc-a1b2c3d4');
  at(11_000);
  end();
  expect(logins.includes(site, 90_000, 91_000, 'voke-probe-0123456789ab')).toBe(true);
  expect(logins.includes(site, 10_000, 11_000, 'plc-a1b2c3d4')).toBe(true);
  expect(logins.includes(site, 20_000, 21_000, 'plc-a1b2c3d4')).toBe(false);
  expect(logins.includes(site, 10_000, 11_000, 'plc-somebody')).toBe(false);
});
