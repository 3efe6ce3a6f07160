// The conversation over Electron itself: real window, real preload, real MessagePort.
// Electron's binary is a download that a machine may be refused; without it vitest.config.ts leaves this file out.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, _electron as electron, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildIfNeeded } from '../../scripts/build-if-needed.ts';
import { findElectronBinary } from '../../scripts/electron-binary.ts';
import { type Conversation, conversation, take } from '../support/conformance-table.ts';
import { type Caller, callOver, portLink } from '../support/contract-callers.ts';

const root = join(import.meta.dirname, '..', '..');
const binary = findElectronBinary(root);

type Wire = string | number[];
type PageWindow = Window & { port?: MessagePort; heard?: (message: Wire) => void };

/** Takes the port away from the window's own code, before that sees it, so that the test can speak over it. */
function takePort(): void {
  const page: PageWindow = window;
  page.addEventListener(
    'message',
    (event) => {
      const [port] = event.ports;
      if (event.data !== 'voke:port' || !port) return;
      event.stopImmediatePropagation();
      port.addEventListener('message', ({ data }) => page.heard?.(typeof data === 'string' ? data : [...data]));
      port.start();
      page.port = port;
    },
    { capture: true },
  );
}

/** The port inside the page, as a port of this process. */
async function portInside(page: Page): Promise<Parameters<typeof portLink>[0]> {
  const listeners: ((event: { data: unknown }) => void)[] = [];
  await page.exposeFunction('heard', (message: Wire) => {
    const data = typeof message === 'string' ? message : Uint8Array.from(message);
    for (const listener of listeners) listener({ data });
  });
  await page.addInitScript(takePort);
  await page.reload();
  // Not waitForFunction: it evaluates in the page, where the Content-Security-Policy forbids that.
  await expect.poll(() => page.evaluate(() => 'port' in window)).toBe(true);
  return {
    on: (event: string, listener: (event: { data: unknown }) => void) => {
      if (event === 'message') listeners.push(listener);
    },
    postMessage: (data: string | Uint8Array) => {
      const wire: Wire = typeof data === 'string' ? data : [...data];
      void page.evaluate((message) => {
        const { port }: PageWindow = window;
        port?.postMessage(typeof message === 'string' ? message : Uint8Array.from(message));
      }, wire);
    },
  };
}

describe('over Electron', () => {
  const kept: Conversation = {};
  let folder: string;
  let application: ElectronApplication;
  let page: Page;
  let call: Caller;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voke-electron-'));
    await buildIfNeeded(root);
    application = await electron.launch({
      ...(binary && { executablePath: binary }),
      // Chromium's sandbox cannot be had by root.
      args: [root, `--data-dir=${folder}`, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    });
    page = await application.firstWindow();
    call = callOver(portLink(await portInside(page)));
  }, 120_000);
  afterAll(async () => {
    await application.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const step of conversation) test(`${step.name}: ${step.what}`, () => take(step, call, kept));

  test('the window has neither Node nor Electron', async () => {
    expect(await page.evaluate('[typeof require, typeof process, typeof module, typeof Buffer].join()')).toBe(
      'undefined,undefined,undefined,undefined',
    );
  });
});
