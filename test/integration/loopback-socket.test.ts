// The window's WebSocket on the loopback host.

import { once } from 'node:events';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Contract } from '../../shared/contract/contract.ts';
import { fakeCore } from '../support/fake-core.ts';
import { type RunningLoopback, startLoopback } from '../support/loopback.ts';

type Opening = { readonly path?: string; readonly headers?: Readonly<Record<string, string>> };

function open(loopback: RunningLoopback, { path = '/rpc', headers = {} }: Opening): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${loopback.address.port}${path}`, { headers });
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

test('opens for our own page with its cookie, and carries calls and streams', async () => {
  const core = fakeCore();
  const loopback = await startLoopback(core);
  const socket = open(loopback, { headers: { cookie: await loopback.signIn(), origin: loopback.origin } });
  const client = clientOver(socket);
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
  const cookie = await loopback.signIn();
  const { origin } = loopback;
  const forbidden = { status: 403, code: 'session/forbidden-origin' };
  expect(await refusal(loopback, { headers: { origin } })).toEqual({ status: 401, code: 'session/unauthorized' });
  expect(await refusal(loopback, { headers: { cookie, origin: 'https://evil.example' } })).toEqual(forbidden);
  expect(await refusal(loopback, { headers: { cookie, origin: 'http://127.0.0.1:1' } })).toEqual(forbidden);
  expect(await refusal(loopback, { headers: { cookie } })).toEqual(forbidden);
  expect(await refusal(loopback, { headers: { cookie, origin, host: 'evil.example' } })).toEqual(forbidden);
  expect(await refusal(loopback, { headers: { ...loopback.bearer, origin: 'null' } })).toEqual(forbidden);
  expect(await refusal(loopback, { path: '/other', headers: { cookie, origin } })).toMatchObject({ status: 404 });
});

test('closes on what is no JSON, and prints nothing of it', async () => {
  const print = vi.spyOn(console, 'error');
  onTestFinished(() => print.mockRestore());
  const loopback = await startLoopback(fakeCore());
  const socket = open(loopback, { headers: loopback.bearer });
  await once(socket, 'open');
  socket.send('{"passphrase":"correct horse');
  const [code] = await once(socket, 'close');
  expect(code).toBe(1003);
  expect(print).not.toHaveBeenCalled();
  expect(loopback.log.join('')).not.toContain('correct horse');
});

test('closes on a message over 64 MiB, and the host lives on', async () => {
  const loopback = await startLoopback(fakeCore());
  const socket = open(loopback, { headers: loopback.bearer });
  await once(socket, 'open');
  socket.on('error', () => {});
  socket.send(new Uint8Array(64 * 1024 * 1024 + 1));
  const [code] = await once(socket, 'close');
  expect([1006, 1009]).toContain(code);
  expect((await loopback.call('GET', '/api/v1/vault')).status).toBe(200);
});
