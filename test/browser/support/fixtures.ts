// Every browser test gets a console of its own, and none may leave it: whatever a page asks of another host,
// whatever the Content-Security-Policy stops, and whatever it throws fails the test that it happened in.

import { test as base, expect, type Page } from '@playwright/test';
import { type HeadlessConsole, startHeadlessConsole } from './headless-console.ts';

export const passphrase = 'correct horse battery staple';

type Fixtures = { readonly console: HeadlessConsole; readonly complaints: string[] };

export const test = base.extend<Fixtures>({
  console: async ({ browserName: _anyBrowser }, use) => {
    const started = await startHeadlessConsole();
    await use(started);
    await started.stop();
  },
  complaints: async ({ page, console }, use) => {
    const own = new URL(console.url).origin;
    const complaints: string[] = [];
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      const isOwn = host === new URL(own).host || protocol === 'data:' || protocol === 'blob:';
      if (!isOwn) complaints.push(`asked another host: ${request.url()}`);
    });
    page.on('pageerror', (error) => complaints.push(`threw: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    await use(complaints);
    expect(complaints).toEqual([]);
  },
});

export { expect };

/** Opens the start address and creates the vault; the start screen is shown then. */
export async function createVault(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('Passphrase again').fill(passphrase);
  await page.getByRole('button', { name: 'Create vault' }).click();
  await expect(page.getByRole('heading', { name: 'Start', exact: true })).toBeVisible();
}

export const openScreen = (page: Page, name: string): Promise<void> =>
  page.getByRole('navigation').getByRole('link', { name }).click();

/** A call of the REST API with the console's own token, for what a test needs to be there beforehand. */
export async function call(console: HeadlessConsole, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(new URL(`/api/v1${path}`, console.url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${console.token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return await answer.json();
}

export const quickAuthority = { keyAlgorithm: 'EC-P256', subject: '/O=Test/CN=Test Root' };
