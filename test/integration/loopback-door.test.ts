// Attacks on the loopback host, each by the way an attacker would take.

import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startTokenLifetimeMs } from '../../electron/host-loopback/session-book.ts';
import { fakeCore } from '../support/fake-core.ts';
import { startLoopback, windowKeyIn } from '../support/loopback.ts';

const json = { 'content-type': 'application/json' };
const codeOf = (text: string): unknown => JSON.parse(text).code;

describe('the Host header', () => {
  test.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '[::1]', '127.0.0.1.nip.io'])(
    'refuses %s, as DNS rebinding sends it, even with the bearer token',
    async (host) => {
      const loopback = await startLoopback(fakeCore());
      const answer = await loopback.ask('/api/v1/vault', { headers: { ...loopback.bearer, host } });
      expect(answer.status).toBe(403);
      expect(codeOf(answer.text)).toBe('session/forbidden-origin');
    },
  );

  test('is checked before the health check and the start address too', async () => {
    const loopback = await startLoopback(fakeCore());
    const headers = { host: `evil.example:${loopback.address.port}` };
    expect((await loopback.ask('/api/v1/health', { headers })).status).toBe(403);
    const { pathname, search } = new URL(loopback.address.url);
    expect((await loopback.ask(`${pathname}${search}`, { headers })).status).toBe(403);
    expect(await loopback.signIn()).toContain('voke_session_');
  });

  test('may be localhost', async () => {
    const loopback = await startLoopback(fakeCore());
    const headers = { ...loopback.bearer, host: `localhost:${loopback.address.port}` };
    expect((await loopback.ask('/api/v1/vault', { headers })).status).toBe(200);
  });
});

describe('the Origin header', () => {
  test.each(['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://localhost:1'])(
    'refuses %s, even with the bearer token',
    async (origin) => {
      const loopback = await startLoopback(fakeCore());
      const headers = { ...json, ...loopback.bearer, origin };
      const answer = await loopback.ask('/api/v1/vault/unlock', { method: 'POST', headers, body: '{}' });
      expect(answer.status).toBe(403);
      expect(codeOf(answer.text)).toBe('session/forbidden-origin');
    },
  );

  test.each(['cross-site', 'same-site'])('a %s request reads nothing, whatever it carries', async (site) => {
    const loopback = await startLoopback(fakeCore());
    const headers = { ...loopback.bearer, 'sec-fetch-site': site };
    expect((await loopback.ask('/api/v1/vault', { headers })).status).toBe(403);
  });
});

describe('sessions', () => {
  test('nothing but the health check answers without one', async () => {
    const loopback = await startLoopback(fakeCore());
    expect(await loopback.ask('/api/v1/health')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
    for (const path of ['/api/v1/vault', '/api/v1/openapi.json', '/api/v1/nothing', '/', '/assets/main.js']) {
      const answer = await loopback.ask(path);
      expect(answer.status, path).toBe(401);
      expect(answer.headers['www-authenticate'], path).toBe('Bearer');
      expect(codeOf(answer.text), path).toBe('session/unauthorized');
    }
  });

  test.each([
    ['one character changed', (token: string) => `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`],
    ['the first half', (token: string) => token.slice(0, 20)],
    ['nothing', () => ''],
  ])('a bearer token with %s is refused', async (_what, change) => {
    const loopback = await startLoopback(fakeCore());
    const headers = { authorization: `Bearer ${change(loopback.address.token)}` };
    expect((await loopback.ask('/api/v1/vault', { headers })).status).toBe(401);
  });

  test('a wrong bearer token is not made good by a cookie beside it', async () => {
    const loopback = await startLoopback(fakeCore());
    const headers = { cookie: await loopback.signIn(), authorization: 'Bearer wrong' };
    expect((await loopback.ask('/', { headers })).status).toBe(401);
  });

  test('the cookie, which every server on this machine is sent, calls nothing and yields no key', async () => {
    const core = fakeCore();
    const loopback = await startLoopback(core);
    const headers = { ...json, cookie: await loopback.signIn(), origin: loopback.origin };
    const body = JSON.stringify({ name: 'Biogas 1', authMethod: 'PASSWORD' });
    const answers = [
      await loopback.ask('/api/v1/vault', { headers }),
      await loopback.ask('/api/v1/openapi.json', { headers }),
      await loopback.ask('/api/v1/plants', { method: 'POST', headers, body }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(core.callers).toEqual([]);
    const page = await loopback.ask('/start?token=used', { headers });
    expect(page.status).toBe(200);
    expect(windowKeyIn(page.text)).toBeUndefined();
  });
});

describe('the start address', () => {
  test('sets a cookie that no script and no other site can use', async () => {
    const loopback = await startLoopback(fakeCore());
    const { pathname, search } = new URL(loopback.address.url);
    const answer = await loopback.ask(`${pathname}${search}`);
    expect(answer.status).toBe(200);
    expect(windowKeyIn(answer.text)).toMatch(/^[\w-]{43}$/);
    const [cookie = '', ...others] = answer.headers['set-cookie'] ?? [];
    expect(others).toEqual([]);
    expect(cookie).toMatch(/^voke_session_\d+=[\w-]{43}; /);
    expect(cookie.split('; ').slice(1)).toEqual(['Path=/', 'HttpOnly', 'SameSite=Strict']);
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('works once', async () => {
    const loopback = await startLoopback(fakeCore());
    const { pathname, search } = new URL(loopback.address.url);
    await loopback.ask(`${pathname}${search}`);
    const again = await loopback.ask(`${pathname}${search}`);
    expect(again.status).toBe(401);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(codeOf(again.text)).toBe('session/start-used');
  });

  test('works for ten minutes', async () => {
    let now = 5000;
    const monotonicMs = () => now;
    const inTime = await startLoopback(fakeCore(), { monotonicMs });
    const tooLate = await startLoopback(fakeCore(), { monotonicMs });
    now += startTokenLifetimeMs - 1;
    expect(await inTime.signIn()).not.toBe('');
    now += 1;
    expect(await tooLate.signIn()).toBe('');
  });

  test("does not age with the machine's clock, which anybody may set", async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const loopback = await startLoopback(fakeCore());
    vi.setSystemTime(Date.now() + 2 * startTokenLifetimeMs);
    expect(await loopback.signIn()).not.toBe('');
  });

  test('tells a person in words when it is used up', async () => {
    const loopback = await startLoopback(fakeCore());
    const answer = await loopback.ask('/start?token=guess', { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(401);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.text).toContain('This start address was used already');
  });

  test('can be opened again by the browser that it signed in', async () => {
    const loopback = await startLoopback(fakeCore());
    const cookie = await loopback.signIn();
    expect((await loopback.ask('/start?token=used', { headers: { cookie } })).status).toBe(200);
  });

  test('is issued anew to a program, and to nobody else', async () => {
    const loopback = await startLoopback(fakeCore());
    const headers = { cookie: await loopback.signIn(), origin: loopback.origin };
    expect((await loopback.ask('/start', { method: 'POST', headers })).status).toBe(401);
    expect((await loopback.ask('/start', { method: 'POST' })).status).toBe(401);
    const answer = await loopback.call('POST', '/start');
    expect(answer.status).toBe(201);
    const { pathname, search } = new URL((answer.json as { url: string }).url);
    expect((await loopback.ask(`${pathname}${search}`)).status).toBe(200);
  });
});

describe('headers', () => {
  test('every answer carries them', async () => {
    const loopback = await startLoopback(fakeCore());
    const cookie = await loopback.signIn();
    const answers = [
      await loopback.ask('/', { headers: { cookie } }),
      await loopback.ask('/assets/main.js', { headers: { cookie } }),
      await loopback.ask('/api/v1/health'),
      await loopback.ask('/api/v1/vault', { headers: loopback.bearer }),
      await loopback.ask('/api/v1/vault'),
      await loopback.ask('/start?token=used', { headers: { cookie } }),
      await loopback.ask('/start.js'),
      await loopback.ask('/nothing', { headers: { cookie } }),
    ];
    const { port } = loopback.address;
    for (const { headers } of answers) {
      expect(headers['content-security-policy']).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port}; img-src 'self' data:; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'`,
      );
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  test('a preflight gets no leave', async () => {
    const loopback = await startLoopback(fakeCore());
    const preflight = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    const foreign = { ...preflight, origin: 'https://evil.example' };
    const own = { ...preflight, ...loopback.bearer, origin: loopback.origin };
    const answers = [
      await loopback.ask('/api/v1/vault/unlock', { method: 'OPTIONS', headers: foreign }),
      await loopback.ask('/api/v1/vault/unlock', { method: 'OPTIONS', headers: own }),
      await loopback.ask('/api/v1/vault', { headers: own }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 405, 200]);
    for (const { headers } of answers) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });
});

describe('files', () => {
  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/..%2Fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/assets/',
    '/index.html%00.txt',
    '/%',
  ])('%s leads nowhere', async (path) => {
    const loopback = await startLoopback(fakeCore());
    const answer = await loopback.ask(path, { headers: { cookie: await loopback.signIn() } });
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('beside the folder');
  });

  test('come with their media type to whoever has a session', async () => {
    const loopback = await startLoopback(fakeCore());
    const headers = { cookie: await loopback.signIn() };
    const page = await loopback.ask('/', { headers });
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    const script = await loopback.ask('/assets/main.js', { headers });
    expect(script).toMatchObject({ status: 200, headers: { 'content-type': 'text/javascript; charset=utf-8' } });
    const head = await loopback.ask('/', { method: 'HEAD', headers });
    expect(head).toMatchObject({ status: 200, text: '' });
    const post = await loopback.ask('/', { method: 'POST', headers });
    expect(post).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  test("a proxy's absolute form is no address of ours", async () => {
    const loopback = await startLoopback(fakeCore());
    const answer = await loopback.ask(`http://evil.example/api/v1/vault`, { headers: loopback.bearer });
    expect([403, 404]).toContain(answer.status);
  });
});

describe('the network', () => {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);

  test.each(['127.0.0.2', '::1', ...outside])('nothing listens on %s', async (host) => {
    const loopback = await startLoopback(fakeCore());
    const connected = await new Promise((resolve) => {
      const socket = connect(loopback.address.port, host);
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('close', () => socket.destroy());
    });
    expect(connected).toBe(false);
  });
});
