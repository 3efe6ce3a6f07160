// A file of a hundred megabytes offered as a certificate, over the ways a window has: the reason has a code of its own,
// nothing changes, and the next call is answered. Over REST: import-rest.test.ts; by the file picker: test/browser/.

import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { CallPort } from '../../electron/host-desktop/call-port.ts';
import { toFailure } from '../../renderer/failure.ts';
import { type ConnectionState, type ConsoleClient, loopbackTransport } from '../../renderer/transport.ts';
import { windowKeyName } from '../../shared/model/window-key.ts';
import { passphrase, startConsole, type TestConsole } from '../support/console.ts';
import { clientOver, portLink } from '../support/contract-callers.ts';
import { FakeContents } from '../support/fake-electron.ts';
import { sentFile } from '../support/import-files.ts';
import { startLoopback } from '../support/loopback.ts';

const megabyte = 1024 * 1024;
const hundredMegabytes = sentFile('device.crt', Buffer.alloc(100 * megabyte));

let console: TestConsole;
beforeEach(async () => {
  console = await startConsole();
  onTestFinished(() => console.dispose());
  await console.client.vault.create({ passphrase });
});

const failureOf = async (call: Promise<unknown>) =>
  toFailure(
    await call.then(
      () => null,
      (error: unknown) => error,
    ),
  );

async function expectNothingChanged(client: ConsoleClient): Promise<void> {
  await expect(client.authority.get()).rejects.toMatchObject({ code: 'authority/not-found' });
  const { items } = await client.audit.list({});
  expect(items.map(({ action }) => action)).not.toContain('authority.import');
  const authority = await client.authority.create({ keyAlgorithm: 'EC-P256' });
  expect(authority.crl.number).toBe('1');
}

/** The window's own transport on a real socket; only what a browser adds by itself is added here. */
async function openWindowTransport() {
  const loopback = await startLoopback(console.core);
  const { 'sec-websocket-protocol': protocols, ...headers } = await loopback.openWindow();
  const [, key = ''] = protocols.split(', ');
  const opened: WebSocket[] = [];
  class BrowserSocket extends WebSocket {
    constructor(address: string, offered: string[]) {
      super(address, offered, { headers });
      this.on('error', () => {});
      opened.push(this);
    }
  }
  let timer: NodeJS.Timeout | undefined;
  vi.stubGlobal('WebSocket', BrowserSocket);
  vi.stubGlobal('window', {
    sessionStorage: { getItem: (name: string) => (name === windowKeyName ? key : null) },
    setTimeout: (work: () => void, delayMs: number) => {
      timer = setTimeout(work, delayMs);
    },
  });
  const transport = loopbackTransport(`ws://127.0.0.1:${loopback.address.port}/rpc`);
  const states: ConnectionState[] = [];
  transport.onState((state) => states.push(state));
  onTestFinished(async () => {
    const open = opened.filter(({ readyState }) => readyState !== WebSocket.CLOSED);
    for (const socket of open) socket.terminate();
    await Promise.all(open.map((socket) => once(socket, 'close')));
    clearTimeout(timer);
    vi.unstubAllGlobals();
  });
  const isOpen = () => vi.waitFor(() => expect(states.at(-1)).toBe('open'));
  await isOpen();
  return { client: transport.client, states, opened, isOpen };
}

it('over the WebSocket fails with a code of its own, is not sent again, and the window goes on', async () => {
  const { client, states, opened, isOpen } = await openWindowTransport();
  const failure = await failureOf(client.authority.import({ files: [hundredMegabytes] }));
  expect(failure).toMatchObject({ code: 'input/too-large', sentence: expect.stringMatching(/Choose smaller files/) });
  expect(states).toContain('lost');
  await isOpen();
  expect(opened).toHaveLength(2);
  await expectNothingChanged(client);
  // Nothing but the calls above went over the second connection: it would have been closed as the first was.
  expect(opened[1]?.readyState).toBe(WebSocket.OPEN);
});

it('a connection that breaks for another reason is still called lost', async () => {
  const { client, opened } = await openWindowTransport();
  const waiting = failureOf(client.authority.create({ keyAlgorithm: 'RSA-4096' }));
  opened[0]?.terminate();
  expect(await waiting).toMatchObject({ code: 'connection/lost' });
});

it('over the port is read, and refused as too large for an authority', async () => {
  const contents = new FakeContents();
  contents.url = 'app://console/';
  new CallPort(console.core, () => new MessageChannel(), 'engineer').connect(contents);
  contents.emit('did-finish-load');
  const [port] = contents.posted[0]?.ports ?? [];
  if (!port) throw new Error('the page got no port');
  onTestFinished(async () => {
    port.close();
    await once(port, 'close');
  });
  const client = clientOver(portLink(port));
  port.start();
  const failure = await failureOf(client.authority.import({ files: [hundredMegabytes] }));
  expect(failure).toMatchObject({ code: 'authority/import-too-large' });
  await expectNothingChanged(client);
});
