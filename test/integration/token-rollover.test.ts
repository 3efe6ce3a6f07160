// Changing the key that signs tokens while plants are connected with them: at no moment is anybody locked out.

import { decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probeConnect } from '../../electron/broker/probe.ts';
import { freePorts } from '../../electron/platform/free-port.ts';
import type { TokenKey } from '../../shared/model/token-key.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { disposeChecked } from '../support/everything-issued.ts';
import { endOf } from '../support/jobs.ts';
import { type BuiltPlugin, buildJwtPlugin } from '../support/jwt-plugin.ts';

let plugin: BuiltPlugin;
let console: TestConsole;
beforeAll(async () => {
  plugin = await buildJwtPlugin();
});
afterAll(() => plugin.remove());
afterEach(() => disposeChecked(console));

const states = (keys: readonly TokenKey[]) => keys.map(({ state }) => state);

async function scene(kind: 'practice' | 'process') {
  console = await startCommissioned({ jwtPlugin: plugin.path });
  const { client } = console;
  const [mtls = 0, password = 0, token = 0] = await freePorts(3);
  const { brokerId } = await client.brokers.create({
    name: 'Tokens',
    target: { kind },
    host: 'localhost',
    ports: { mtls, password, token },
  });
  const { plantId } = await client.plants.create({ name: 'Pump', authMethod: 'TOKEN' });
  await client.plants.provision({ plantId, brokerId });
  const authorityPem = await (await client.authority.certificateFile()).text();
  const listener = { host: '127.0.0.1', port: token, authorityPem, serverName: 'localhost' };
  return {
    client,
    brokerId,
    plantId,
    newToken: async () => (await client.plants.issueToken({ plantId })).token,
    push: async () => expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull(),
    knock: async (jwt: string) =>
      (await probeConnect(listener, { clientId: plantId, username: plantId, password: jwt })).outcome,
  };
}

describe.each(['practice', 'process'] as const)('on a %s broker', (kind) => {
  it('trusts old and new, signs with the new, and retires the old once nobody holds its tokens', async () => {
    const { client, brokerId, newToken, push, knock } = await scene(kind);
    await push();
    const old = await newToken();
    const [oldKey] = await client.authority.tokenKeys();
    expect(oldKey).toMatchObject({ state: 'active', plantCount: 1, brokersBehind: [] });

    const [newKey] = await client.authority.startTokenRollover();
    if (!oldKey || !newKey) throw new Error('no keys');
    expect(newKey).toMatchObject({ state: 'trusted', brokersBehind: ['Tokens'] });
    await expect(client.authority.startTokenRollover()).rejects.toMatchObject({
      code: 'authority/token-rollover-running',
    });
    await expect(client.authority.signWithTokenKey(newKey)).rejects.toMatchObject({
      code: 'authority/token-key-not-pushed',
      data: { details: { brokers: ['Tokens'] } },
    });
    expect(await client.brokers.list()).toMatchObject([{ pushPending: true }]);
    // The set of keys is reread at a reload: nobody is dropped for it.
    expect((await client.brokers.plan({ brokerId })).needs).toBe('reload');
    await push();

    expect(states(await client.authority.signWithTokenKey(newKey))).toEqual(['active', 'trusted']);
    await expect(client.authority.retireTokenKey(newKey)).rejects.toMatchObject({
      code: 'authority/token-key-wrong-state',
    });
    await expect(client.authority.retireTokenKey(oldKey)).rejects.toMatchObject({
      code: 'authority/token-key-in-use',
      data: { details: { plants: ['Pump'] } },
    });
    const fresh = await newToken();
    expect(decodeProtectedHeader(fresh).kid).toBe(newKey.keyId);
    expect([await knock(old), await knock(fresh)]).toEqual(['accepted', 'accepted']);

    expect(states(await client.authority.retireTokenKey(oldKey))).toEqual(['active', 'retired']);
    await push();
    expect([await knock(old), await knock(fresh)]).toEqual(['refused', 'accepted']);
    expect(await client.authority.tokenKeys()).toMatchObject([
      { state: 'active', plantCount: 1, brokersBehind: [] },
      { state: 'retired', plantCount: 0, brokersBehind: [] },
    ]);
  });
});

it('retires a leaked key at once when the operator insists', async () => {
  const { client, newToken, push, knock } = await scene('practice');
  await push();
  const old = await newToken();
  const [newKey, oldKey] = await client.authority.startTokenRollover();
  await client.authority.signWithTokenKey({ keyId: newKey?.keyId ?? '', insist: true });
  await client.authority.retireTokenKey({ keyId: oldKey?.keyId ?? '', insist: true });
  await push();
  expect([await knock(old), await knock(await newToken())]).toEqual(['refused', 'accepted']);
  await expect(client.authority.retireTokenKey({ keyId: 'unknown' })).rejects.toMatchObject({
    code: 'authority/token-key-not-found',
  });
});
