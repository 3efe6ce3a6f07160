// A window in a real Chromium on a real console, which listens to a real Mosquitto, which a sender of its own process
// fills: what a bench of the window measures in. The window must be built.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import config from '../../../playwright.config.ts';
import { type ContractClient, withContract } from '../../browser/support/contract-client.ts';
import { createVault, openScreen, quickAuthority } from '../../browser/support/fixtures.ts';
import { type HeadlessConsole, startHeadlessConsole } from '../../browser/support/headless-console.ts';
import { type LiveBroker, startLiveBroker } from '../../support/live-broker.ts';
import type { SendOrder } from './sender.ts';

export type WindowScene = {
  readonly page: Page;
  /** Sends in a process of its own; `ended` rejects when it fails. */
  send(order: Pick<SendOrder, 'topics' | 'perSecond' | 'messages'>): { readonly ended: Promise<void>; stop(): void };
  /** What the console heard so far. */
  heard(): Promise<{ readonly messages: number; readonly topics: number }>;
  /** After a collection of garbage: of the window's scripts, and of the console's process (Linux only, else 0). */
  memory(): Promise<{ readonly windowBytes: number; readonly consoleBytes: number }>;
};

/** Runs `work` in such a scene, with the window on the topic tree. */
export async function inWindow<Result>(work: (scene: WindowScene) => Promise<Result>): Promise<Result> {
  const console = await startHeadlessConsole();
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({ ...config.use?.launchOptions });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await createVault(page, console.url);
    const broker = await listen(console);
    await openScreen(page, 'Live topics');
    return await work(await sceneOf(page, console, broker));
  } finally {
    await browser?.close();
    await console.stop();
  }
}

async function listen(console: HeadlessConsole): Promise<LiveBroker> {
  let broker: LiveBroker | undefined;
  await withContract(console, async (client) => {
    await client.authority.create({ ...quickAuthority, keyAlgorithm: 'EC-P256' });
    broker = await startLiveBroker(client);
  });
  if (!broker) throw new Error('no broker');
  return broker;
}

async function sceneOf(page: Page, console: HeadlessConsole, broker: LiveBroker): Promise<WindowScene> {
  const session = await page.context().newCDPSession(page);
  return {
    page,
    send(order) {
      const sender = fork(join(import.meta.dirname, 'sender.ts'));
      const { port, login } = broker;
      sender.send({ port, login, ...order } satisfies SendOrder);
      let isStopped = false;
      const ended = once(sender, 'exit').then(([status]) => {
        if (status !== 0 && !isStopped) throw new Error('the sender failed');
      });
      return {
        ended,
        stop: () => {
          isStopped = true;
          sender.kill('SIGTERM');
        },
      };
    },
    heard: async () => {
      let counts = { messages: 0, topics: 0 };
      await withContract(console, async (client) => {
        counts = await countsOf(client, broker.brokerId);
      });
      return counts;
    },
    memory: async () => {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      return { windowBytes: usedSize, consoleBytes: await residentBytes(console.pid) };
    },
  };
}

async function countsOf(client: ContractClient, brokerId: string) {
  const ending = new AbortController();
  const question = { brokerId, viewId: crypto.randomUUID(), look: {} };
  for await (const { counts } of await client.monitor.watch(question, { signal: ending.signal })) {
    ending.abort();
    return counts;
  }
  throw new Error('the monitor told nothing');
}

/** proc(5): `VmRSS` in kB. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
