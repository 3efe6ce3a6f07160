// The same conversation over every way into the core that needs no Electron. (Electron itself: test/desktop.)

import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { RPCHandler } from '@orpc/server/message-port';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { RendererFiles } from '../../electron/host-common/renderer-files.ts';
import { LoopbackHost } from '../../electron/host-loopback/loopback-host.ts';
import { silentLogger } from '../../electron/platform/log.ts';
import { type Conversation, conversation, take } from '../support/conformance-table.ts';
import { startConsole } from '../support/console.ts';
import {
  type Caller,
  callOver,
  callRest,
  clientOver,
  hasRestPath,
  type Link,
  portLink,
  socketLink,
} from '../support/contract-callers.ts';

type Console = Awaited<ReturnType<typeof startConsole>>;
type Way = { readonly call: Caller; readonly link?: Link; readonly close: () => Promise<void> };

async function overMemory({ core }: Console): Promise<Way> {
  const { port1, port2 } = new MessageChannel();
  new RPCHandler(core.router).upgrade(port1, {
    context: { session: { sessionId: 'one', actor: 'tester', host: 'memory' } },
  });
  port1.start();
  const link = portLink(port2);
  port2.start();
  return { call: callOver(link), link, close: async () => port2.close() };
}

async function startHost({ core }: Console) {
  const host = new LoopbackHost({
    core,
    port: 0,
    files: await RendererFiles.open('/nowhere'),
    monotonicMs: () => performance.now(),
    logger: silentLogger,
    version: '0.0.0-test',
    actor: 'tester',
  });
  return { host, ...(await host.start()) };
}

async function overSocket(console: Console): Promise<Way> {
  const { host, port, token } = await startHost(console);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, { headers: { authorization: `Bearer ${token}` } });
  await once(socket, 'open');
  const link = socketLink(socket);
  return { call: callOver(link), link, close: () => host.close() };
}

async function overRest(console: Console): Promise<Way> {
  const { host, port, token } = await startHost(console);
  return { call: callRest(`http://127.0.0.1:${port}`, token), close: () => host.close() };
}

describe.each([
  { way: 'a MessageChannel in memory', open: overMemory, takes: () => true },
  { way: "the loopback host's WebSocket", open: overSocket, takes: () => true },
  { way: "the loopback host's REST", open: overRest, takes: hasRestPath },
])('over $way', ({ open, takes }) => {
  let console: Console;
  let way: Way;
  const kept: Conversation = {};

  beforeAll(async () => {
    console = await startConsole();
    way = await open(console);
  });
  afterAll(async () => {
    await way.close();
    await console.dispose();
  });

  for (const step of conversation.filter(({ name }) => takes(name))) {
    test(`${step.name}: ${step.what}`, () => take(step, way.call, kept));
  }
});

test.each([
  { way: 'a MessageChannel in memory', open: overMemory },
  { way: "the loopback host's WebSocket", open: overSocket },
])('a stream over $way tells what changed, and ends when the listener leaves', async ({ open }) => {
  const console = await startConsole();
  const { link, close } = await open(console);
  try {
    if (!link) throw new Error('this way has no streams');
    const client = clientOver(link);
    const changes = await client.system.watch();
    const first = changes.next();
    await client.vault.create({ passphrase: 'correct horse battery staple' });
    expect(await first).toMatchObject({ done: false, value: { changed: 'vault' } });
    await changes.return?.();
    expect(await changes.next()).toMatchObject({ done: true });
  } finally {
    await close();
    await console.dispose();
  }
});
