// The window's WebSocket on the loopback host.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { maxConnections } from '../../electron/host-loopback/loopback-host.ts';
import type { Contract } from '../../shared/contract/contract.ts';
import { fakeCore } from '../support/fake-core.ts';
import { type RunningLoopback, startLoopback } from '../support/loopback.ts';

type Opening = { readonly path?: string; readonly headers?: Readonly<Record<string, string>> };

function open(loopback: RunningLoopback, { path = '/rpc', headers = {} }: Opening): WebSocket {
  const { 'sec-websocket-protocol': protocols, ...others } = headers;
  const address = `ws://127.0.0.1:${loopback.address.port}${path}`;
  const socket = new WebSocket(address, protocols?.split(', ') ?? [], { headers: others });
  onTestFinished(() => socket.terminate());
  return socket;
}

/** The HTTP status with which an upgrade is refused. */
async function refusal(loopback: RunningLoopback, opening: Opening): Promise<{ status: number; code: unknown }> {
  const socket = open(loopback, opening);
  socket.on('error', () => {});
  const [request, response] = await once(socket, 'unexpected-response');
  let text = '';
  for await (const chunk of response) text += chunk;
  request.destroy();
  return { status: response.statusCode, code: JSON.parse(text).code };
}

const clientOver = (socket: WebSocket): ContractRouterClient<Contract> =>
  createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }));

test('opens for our own window with its cookie and its key, and carries calls and streams', async () => {
  const core = fakeCore();
  const loopback = await startLoopback(core);
  const socket = open(loopback, { headers: await loopback.openWindow() });
  const client = clientOver(socket);
  await once(socket, 'open');
  expect(socket.protocol).toBe('voke');
  expect(await client.system.about()).toMatchObject({ host: 'loopback' });
  const changes: string[] = [];
  for await (const { changed } of await client.system.watch()) changes.push(changed);
  expect(changes).toEqual(['vault', 'plants']);
});

test('opens for a program with its bearer token', async () => {
  const core = fakeCore();
  const loopback = await startLoopback(core);
  await clientOver(open(loopback, { headers: loopback.bearer })).vault.get();
  expect(core.callers).toEqual(['loopback/engineer (API)']);
});

test('failures keep their code, sentence and fields', async () => {
  const loopback = await startLoopback(fakeCore());
  const client = clientOver(open(loopback, { headers: loopback.bearer }));
  await expect(client.vault.unlock({ passphrase: 'wrong' })).rejects.toMatchObject({
    code: 'vault/wrong-passphrase',
    message: 'The passphrase does not open this vault.',
  });
  await expect(client.plants.create({ name: '', authMethod: 'MTLS' })).rejects.toMatchObject({
    code: 'input/invalid',
    data: { fields: [{ field: 'name', message: 'must not be empty' }] },
  });
});

test('is refused without a session, from another origin, without an origin, under another name, at another address', async () => {
  const loopback = await startLoopback(fakeCore());
  const own = await loopback.openWindow();
  const { cookie: _cookie, ...withoutCookie } = own;
  const { origin: _origin, ...withoutOrigin } = own;
  const forbidden = { status: 403, code: 'session/forbidden-origin' };
  const unauthorized = { status: 401, code: 'session/unauthorized' };
  expect(await refusal(loopback, { headers: withoutCookie })).toEqual(unauthorized);
  expect(await refusal(loopback, { headers: { ...own, origin: 'https://evil.example' } })).toEqual(forbidden);
  expect(await refusal(loopback, { headers: { ...own, origin: 'http://127.0.0.1:1' } })).toEqual(forbidden);
  expect(await refusal(loopback, { headers: withoutOrigin })).toEqual(forbidden);
  expect(await refusal(loopback, { headers: { ...own, host: 'evil.example' } })).toEqual(forbidden);
  expect(await refusal(loopback, { headers: { ...loopback.bearer, origin: 'null' } })).toEqual(forbidden);
  expect(await refusal(loopback, { path: '/other', headers: own })).toMatchObject({ status: 404 });
});

test("a cookie that another server on this machine was sent opens nothing, whatever its replay's Origin", async () => {
  const loopback = await startLoopback(fakeCore());
  const { cookie, origin } = await loopback.openWindow();
  const unauthorized = { status: 401, code: 'session/unauthorized' };
  const stolen = cookie.split('=')[1] ?? '';
  for (const protocol of [undefined, 'voke', `voke, ${stolen}`, `voke, ${'A'.repeat(43)}`]) {
    const headers = { cookie, origin, ...(protocol && { 'sec-websocket-protocol': protocol }) };
    expect(await refusal(loopback, { headers }), protocol).toEqual(unauthorized);
  }
});

/** A connection that leaves its own side open, whatever the host does. */
async function halfOpenConnection(loopback: RunningLoopback): Promise<Socket> {
  const socket = connect({ port: loopback.address.port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

test('a refused upgrade holds no connection, though the other side does not hang up', async () => {
  const loopback = await startLoopback(fakeCore());
  const socket = await halfOpenConnection(loopback);
  const { port } = loopback.address;
  socket.write(
    `GET /rpc HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\n\r\n`,
  );
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1');
  });
  await once(socket, 'end');
  expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  // To a connection that is gone the system answers with a reset; a half-open one would swallow this.
  const failed = new Promise((resolve) => socket.once('error', resolve));
  const knocking = setInterval(() => socket.write('x'), 20);
  onTestFinished(() => clearInterval(knocking));
  expect(await failed).toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) });
});

test('takes so many connections and no more', async () => {
  const loopback = await startLoopback(fakeCore());
  const held: Socket[] = [];
  for (let count = 0; count < maxConnections; count += 1) held.push(await halfOpenConnection(loopback));
  const oneMore = await halfOpenConnection(loopback);
  oneMore.on('error', () => {});
  oneMore.resume();
  await Promise.race([once(oneMore, 'end'), once(oneMore, 'close')]);
  held.pop()?.destroy();
  await vi.waitFor(async () => expect((await loopback.ask('/api/v1/health')).status).toBe(200), { timeout: 20_000 });
});

test.each(['h2c', 'TLS/1.0', 'foo'])('an offer to go on with %s is ignored', async (upgrade) => {
  const loopback = await startLoopback(fakeCore());
  const headers = { ...loopback.bearer, connection: 'Upgrade', upgrade };
  expect((await loopback.ask('/api/v1/vault', { headers })).status).toBe(200);
  const body = JSON.stringify({ name: 'Biogas 1', authMethod: 'PASSWORD' });
  const withBody = { ...headers, 'content-type': 'application/json', 'content-length': String(body.length) };
  expect((await loopback.ask('/api/v1/plants', { method: 'POST', headers: withBody, body })).status).toBe(201);
});

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Whatever is written past the logger: console.error ends there too. */
function watchOutput(): () => string {
  let written = '';
  const keep = (chunk: unknown): boolean => {
    written += String(chunk);
    return true;
  };
  const error = vi.spyOn(console, 'error').mockImplementation(keep);
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  onTestFinished(() => {
    error.mockRestore();
    stderr.mockRestore();
  });
  return () => written;
}

test.each([
  ['text that is no JSON', '{"passphrase":"correct horse'],
  ['bytes that are no JSON', bytes('correct horse')],
  ['bytes that are no JSON before the body', bytes('correct horse\xffbody')],
  ['JSON that is no call', '{"passphrase":"correct horse"}'],
  ['bytes that are no call', bytes('{"p":{"u":"correct horse"},"i":"1"}\xffbody')],
])('closes on %s, and prints nothing of it', async (_what, message) => {
  const output = watchOutput();
  const loopback = await startLoopback(fakeCore());
  const socket = open(loopback, { headers: loopback.bearer });
  await once(socket, 'open');
  socket.send(message);
  const [code] = await once(socket, 'close');
  expect(code).toBe(1003);
  expect(output()).toBe('');
  expect(loopback.log.join('')).not.toContain('correct horse');
});

test('a call whose body cannot be read is told to the log and to nothing else', async () => {
  const output = watchOutput();
  const loopback = await startLoopback(fakeCore());
  const socket = open(loopback, { headers: loopback.bearer });
  await once(socket, 'open');
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  socket.send(bytes(`${JSON.stringify({ i: '1', p: { u: '/vault/unlock', h: headers } })}\xffcorrect horse`));
  await vi.waitFor(() => expect(loopback.log.join('')).toContain("a window's call broke off"), { timeout: 20_000 });
  expect(loopback.log.join('')).not.toContain('correct horse');
  expect(output()).toBe('');
});

test('closes on a message over 64 MiB, and the host lives on', async () => {
  const loopback = await startLoopback(fakeCore());
  const socket = open(loopback, { headers: loopback.bearer });
  await once(socket, 'open');
  socket.on('error', () => {});
  socket.send(new Uint8Array(64 * 1024 * 1024 + 1));
  const [code] = await once(socket, 'close');
  expect(code).toBe(1009);
  expect((await loopback.call('GET', '/api/v1/vault')).status).toBe(200);
});
