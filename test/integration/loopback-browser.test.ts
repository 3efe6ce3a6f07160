// What a real browser does with the start address, its cookie, and a foreign page that wants to use them.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { BrowserOpener } from '../../electron/host-loopback/open-browser.ts';
import { silentLogger } from '../../electron/platform/log.ts';
import { fakeCore } from '../support/fake-core.ts';
import { startLoopback } from '../support/loopback.ts';
import { describeWith, programPath } from '../support/requirements.ts';

/** A page of somebody else, on another port of this machine, who keeps what it is sent. */
async function foreignPage(html: string, received: IncomingHttpHeaders[] = []): Promise<string> {
  const server = createServer((request, response) => {
    received.push(request.headers);
    response.setHeader('content-type', 'text/html').end(html);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return `:${(server.address() as AddressInfo).port}/`;
}

describeWith('chromium')('the loopback host in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: programPath('chromium'), args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  async function newPage(): Promise<Page> {
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    return context.newPage();
  }

  const stateOf = (page: Page) => page.locator('#state', { hasText: /connected|refused/ }).textContent();

  test('the start address opens the window, and its WebSocket', async () => {
    const loopback = await startLoopback(fakeCore());
    const page = await newPage();
    await page.goto(loopback.address.url);
    await page.waitForURL(`${loopback.origin}/`);
    expect(await stateOf(page)).toBe('connected');
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.reload();
    expect(await stateOf(page)).toBe('connected');
    await page.goto(loopback.address.url);
    await page.waitForURL(`${loopback.origin}/`);
    expect(await stateOf(page)).toBe('connected');
  });

  test('what the browser sends to another port of this machine opens no WebSocket here', async () => {
    const loopback = await startLoopback(fakeCore());
    const page = await newPage();
    await page.goto(loopback.address.url);
    await page.waitForURL(`${loopback.origin}/`);
    const received: IncomingHttpHeaders[] = [];
    await page.goto(`http://127.0.0.1${await foreignPage('<p>foreign</p>', received)}`);
    const { cookie = '' } = received[0] ?? {};
    expect(cookie).toContain('voke_session_');
    expect(await page.evaluate('JSON.stringify(sessionStorage)')).toBe('{}');
    const replayed = { headers: { cookie, origin: loopback.origin } };
    expect((await loopback.ask('/', replayed)).status).toBe(200);
    expect((await loopback.ask('/api/v1/vault', replayed)).status).toBe(401);
    const socket = new WebSocket(`ws://127.0.0.1:${loopback.address.port}/rpc`, ['voke'], replayed);
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('401');
  });

  test('a second tab, opened by hand, has no key; a new start address gives it one', async () => {
    const loopback = await startLoopback(fakeCore());
    const page = await newPage();
    await page.goto(loopback.address.url);
    await page.waitForURL(`${loopback.origin}/`);
    const second = await page.context().newPage();
    await second.goto(`${loopback.origin}/`);
    expect(await stateOf(second)).toBe('refused');
    const { url } = (await loopback.call('POST', '/start')).json as { url: string };
    await second.goto(url);
    await second.waitForURL(`${loopback.origin}/`);
    expect(await stateOf(second)).toBe('connected');
    await page.reload();
    expect(await stateOf(page)).toBe('connected');
  });

  test.each(['127.0.0.1', 'localhost'])('a link on a page of %s works too, past SameSite=Strict', async (name) => {
    const loopback = await startLoopback(fakeCore());
    const page = await newPage();
    await page.goto(`http://${name}${await foreignPage(`<a href="${loopback.address.url}">open</a>`)}`);
    await page.click('a');
    await page.waitForURL(`${loopback.origin}/`);
    expect(await stateOf(page)).toBe('connected');
  });

  test('the private file that the browser is started with leads to the window, without a click', async () => {
    const loopback = await startLoopback(fakeCore());
    const folder = await mkdtemp(join(tmpdir(), 'voke-open-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const opener = new BrowserOpener(folder, silentLogger);
    await opener.open('true', loopback.address.url);
    const page = await newPage();
    await page.goto(pathToFileURL(join(folder, 'open-console.html')).href);
    await page.waitForURL(`${loopback.origin}/`);
    expect(await stateOf(page)).toBe('connected');
  });

  test('a page of another port of this machine gets the cookie sent, and yet reaches nothing', async () => {
    const core = fakeCore();
    const loopback = await startLoopback(core);
    const page = await newPage();
    await page.goto(loopback.address.url);
    await stateOf(page);
    await page.goto(`http://127.0.0.1${await foreignPage('<p>foreign</p>')}`);
    const attempts = await page.evaluate(
      `(async () => {
        const api = '${loopback.origin}/api/v1/vault';
        const outcome = (attempt) => attempt.then(() => 'reached', () => 'blocked');
        const socket = new WebSocket('ws://127.0.0.1:${loopback.address.port}/rpc');
        return Promise.all([
          outcome(fetch(api, { credentials: 'include' }).then((answer) => answer.text())),
          outcome(fetch(api, { credentials: 'include', mode: 'no-cors' }).then((answer) => {
            if (answer.type === 'opaque') throw new Error('unreadable');
          })),
          outcome(fetch(api + '/unlock', { method: 'POST', credentials: 'include', body: '{}' })),
          outcome(new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = reject; })),
        ]);
      })()`,
    );
    expect(attempts).toEqual(['blocked', 'blocked', 'blocked', 'blocked']);
    expect(core.callers).toEqual([]);
  });
});
