import { describe, expect, it } from 'vitest';
import { Authorizer } from '../../../../electron/policy/service/authorizer.ts';
import { Logins } from '../../../../electron/policy/service/logins.ts';
import type { TokenCheck } from '../../../../electron/policy/subjects.ts';
import { ConsoleError } from '../../../../shared/model/errors.ts';
import { rulesFrom } from '../../../support/policy-service.ts';
import { plantRules, policyText } from '../../../support/policy-tokens.ts';

/** Tokens are the seconds at which they end; it counts how often it is asked. */
class CountingCheck implements TokenCheck {
  calls = 0;
  readonly scope: string;

  constructor(scope = 'mqtt.write') {
    this.scope = scope;
  }

  async verify(token: string, now: Date) {
    this.calls += 1;
    const expiresAt = new Date(Number(token) * 1000);
    if (!(now < expiresAt)) throw new ConsoleError('policy/token-expired');
    return { subject: { type: 'service', id: 's', groups: [], scopes: [this.scope] }, expiresAt } as const;
  }
}

function scene({ cacheSeconds = 30, check = new CountingCheck() } = {}) {
  const time = { seconds: 1000 };
  const clock = { now: () => new Date(time.seconds * 1000) };
  const authorizer = new Authorizer({ clock, verifier: check, rules: rulesFrom(plantRules), cacheSeconds });
  const mayPublish = async (token: string, topic = 'plant/a') => (await authorizer.access({ token }, 2, topic)).ok;
  return { time, check, authorizer, mayPublish };
}

describe('a token', () => {
  it('is checked once in the set seconds', async () => {
    const { time, check, mayPublish } = scene();
    for (const topic of ['plant/a', 'plant/a', 'plant/b']) expect(await mayPublish('9999', topic)).toBe(true);
    time.seconds += 29;
    await mayPublish('9999');
    expect(check.calls).toBe(1);
    time.seconds += 1;
    await mayPublish('9999');
    expect(check.calls).toBe(2);
  });

  it('is never taken for good longer than it lives', async () => {
    const { time, mayPublish } = scene({ cacheSeconds: 3600 });
    expect(await mayPublish('1010')).toBe(true);
    time.seconds = 1010;
    expect(await mayPublish('1010')).toBe(false);
  });

  it('is checked every time where nothing is to be kept', async () => {
    const { check, mayPublish } = scene({ cacheSeconds: 0 });
    await mayPublish('9999');
    await mayPublish('9999');
    expect(check.calls).toBe(2);
  });

  it('is forgotten before all that are remembered take too much memory', async () => {
    const { check, mayPublish } = scene();
    // Numbers of 64 Ki characters, each another, that all mean the same second.
    const large = (i: number) => `9999.${String(i).padStart(65_530, '0')}`;
    for (let i = 0; i < 600; i++) await mayPublish(large(i));
    expect(check.calls).toBe(600);
    await mayPublish(large(599));
    expect(check.calls).toBe(600);
    await mayPublish(large(0));
    expect(check.calls).toBe(601);
  });

  it('is checked anew by new keys, also one that was being checked by the old', async () => {
    let release = () => {};
    const slow = new CountingCheck();
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slowly: TokenCheck = { verify: (token, now) => held.then(() => slow.verify(token, now)) };
    const { authorizer } = scene();
    authorizer.takeTokenCheck(slowly);
    const answer = authorizer.access({ token: '9999' }, 2, 'plant/a');
    authorizer.takeTokenCheck(new CountingCheck('other'));
    release();
    expect((await answer).ok).toBe(false);
  });
});

it('decides by new rules at once, and denies without any', async () => {
  const { authorizer, mayPublish } = scene({ cacheSeconds: 3600 });
  expect(await mayPublish('9999')).toBe(true);
  authorizer.takeRules(rulesFrom(policyText([])));
  expect(await mayPublish('9999')).toBe(false);
  authorizer.takeRules(undefined);
  expect(await authorizer.access({ token: '9999' }, 2, 'plant/a')).toEqual({
    ok: false,
    reason: 'no rules are in force',
  });
});

it('knows a client by its login for as long as the token lives', async () => {
  const { time, authorizer } = scene();
  const client = { username: 's', clientId: 'c' };
  await authorizer.connect({ ...client, password: '1100' });
  time.seconds = 1099;
  expect((await authorizer.access(client, 2, 'plant/a')).ok).toBe(true);
  time.seconds = 1100;
  expect((await authorizer.access(client, 2, 'plant/a')).ok).toBe(false);
});

it('is not broken by a fault that is no refusal', async () => {
  const check: TokenCheck = { verify: () => Promise.reject(new TypeError('a bug')) };
  const { authorizer } = scene({ check: check as CountingCheck });
  await expect(authorizer.access({ token: 'x' }, 2, 'plant/a')).rejects.toThrow('a bug');
});

describe('logins', () => {
  it('are kept for so many clients, and the oldest gives way', () => {
    const logins = new Logins({ maxLogins: 2 });
    for (const name of ['a', 'b', 'a', 'c']) logins.remember(name, 'x', { token: name, expiresAt: 10 });
    expect(['a', 'b', 'c'].map((name) => logins.tokenOf(name, 'x', 0))).toEqual(['a', undefined, 'c']);
  });

  it('of different pairs are never the same', () => {
    const logins = new Logins();
    logins.remember('1:a', 'b', { token: 't', expiresAt: 10 });
    for (const [username, clientId] of [
      ['1', ':ab'],
      ['1:', 'ab'],
      ['1:ab', ''],
      ['', '1:ab'],
    ] as const)
      expect(logins.tokenOf(username, clientId, 0)).toBeUndefined();
  });
});
