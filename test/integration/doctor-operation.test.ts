// The doctor through the contract: a plant of the register on a Mosquitto that the console runs, and a connection by
// parameters.

import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Diagnosis } from '../../shared/model/doctor.ts';
import type { AuthMethod } from '../../shared/model/plant.ts';
import { passphrase, startCommissioned, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';
import { freePort } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';

describeWith('mosquitto')('a diagnosis', () => {
  let console: TestConsole;
  let ports: { mtls: number; password: number; token: number };
  let brokerId: string;

  beforeAll(async () => {
    console = await startCommissioned();
    ports = { mtls: await freePort(), password: await freePort(), token: await freePort() };
    const target = { kind: 'process' } as const;
    const broker = await console.client.brokers.create({ name: 'Site', target, host: 'broker.site.example', ports });
    brokerId = broker.brokerId;
  });

  afterAll(() => console.dispose());

  const push = async () => {
    const ended = await endOf(console, await console.client.brokers.push({ brokerId }));
    expect(ended.error).toBeNull();
  };
  const provision = async (authMethod: AuthMethod, name = `A ${authMethod} plant`) => {
    const { plantId } = await console.client.plants.create({ name, authMethod });
    return { plantId, issued: await console.client.plants.provision({ plantId }) };
  };

  async function endOfDiagnosis({ diagnosisId }: { diagnosisId: string }): Promise<Diagnosis> {
    let last: Diagnosis | undefined;
    for await (const diagnosis of await console.client.doctor.watch({ diagnosisId })) last = diagnosis;
    if (!last) throw new Error('the diagnosis told nothing');
    expect(await console.client.doctor.get({ diagnosisId })).toEqual(last);
    return last;
  }
  const examine = async (plantId: string, permissions: { exchanges?: boolean; takesOver?: boolean } = {}) =>
    endOfDiagnosis(await console.client.doctor.diagnosePlant({ plantId, ...permissions }));
  const likeliest = ({ causes: [cause] }: Diagnosis) => cause?.code;

  test('follows a plant from before the broker runs until its messages come through', async () => {
    const { plantId } = await provision('PASSWORD');
    expect(likeliest(await examine(plantId))).toBe('tcp/broker-down');
    await push();
    const whole = await examine(plantId, { exchanges: true });
    expect({ states: whole.steps.map(({ state }) => state), steps: whole.steps }).toMatchObject({
      states: ['notApplicable', 'passed', 'passed', 'passed', 'passed', 'passed', 'passed'],
    });
    expect(whole).toMatchObject({ state: 'finished', causes: [], subject: 'A PASSWORD plant' });

    const late = await provision('PASSWORD', 'A late plant');
    const early = await examine(late.plantId);
    expect(early.causes[0]).toMatchObject({
      code: 'connect/user-unknown',
      because: expect.stringContaining('since the last push'),
      advice: expect.stringContaining('push to the broker'),
    });
  });

  test('names a broker without the JWT plugin to a TOKEN plant', async () => {
    const { plantId } = await provision('TOKEN');
    await push();
    expect(likeliest(await examine(plantId))).toBe('tcp/token-listener-off');
  });

  test('judges a credential whose key is on the device alone, also after it was revoked', async () => {
    const { plantId } = await provision('MTLS');
    await push();
    await console.client.plants.download({ plantId });
    const handedOver = await examine(plantId);
    expect(likeliest(handedOver)).toBe('client/secret-away');
    expect(handedOver.steps.find(({ name }) => name === 'tls')?.state).toBe('passed');
    await console.client.plants.revoke({ plantId });
    expect(likeliest(await examine(plantId))).toBe('client/revoked');
  });

  test('ends no session of a plant unless the operator says that it may', async () => {
    const { plantId, issued } = await provision('PASSWORD');
    if (!('password' in issued.auth)) throw new Error('a PASSWORD plant has no password');
    await push();
    const { username, password } = issued.auth;
    const plant = await connectAsync({
      ...{ host: '127.0.0.1', servername: 'broker.site.example', port: ports.password, protocol: 'mqtts' },
      ...{ ca: issued.tls.caCertPem, clientId: username, username, password, reconnectPeriod: 0 },
    });
    let ended = false;
    plant.on('close', () => {
      ended = true;
    });
    expect(likeliest(await examine(plantId))).toBeUndefined();
    expect(ended).toBe(false);
    const connection = {
      ...{ host: '127.0.0.1', port: ports.password, serverName: 'broker.site.example' },
      ...{ username, password, clientId: username },
    };
    await expect(console.client.doctor.diagnose({ connection })).rejects.toMatchObject({
      code: 'doctor/would-interrupt',
    });
    expect(ended).toBe(false);
    await endOfDiagnosis(await console.client.doctor.diagnose({ connection, takesOver: true }));
    expect(ended).toBe(true);
    await plant.endAsync(true);
  });

  test('takes its own messages for no sign of life of the plant', async () => {
    const { plantId } = await provision('PASSWORD', 'A plant that is not built yet');
    await push();
    await console.client.fleet.listen();
    await expect.poll(async () => (await console.client.monitor.list())[0]?.connection.state).toBe('connected');
    const { heard } = (await console.client.monitor.list())[0] ?? {};
    const whole = await examine(plantId, { exchanges: true });
    expect(whole.causes).toEqual([]);
    // The console has heard both messages by then.
    await expect
      .poll(async () => (await console.client.monitor.list())[0]?.heard.messages)
      .toBeGreaterThanOrEqual((heard?.messages ?? 0) + 2);
    const plant = { status: 'PENDING', lastSeenAt: null };
    expect(await console.client.plants.get({ plantId })).toMatchObject(plant);
    for await (const { changed } of await console.client.fleet.watch()) {
      const row = changed.find((one) => one.plantId === plantId);
      expect(row).toMatchObject({ ...plant, state: 'never-seen', lastTopics: [], problems: [] });
      break;
    }
  });

  test('takes parameters, and keeps their secrets out of what it tells and writes down', async () => {
    const connection = {
      ...{ host: '127.0.0.1', port: ports.password, serverName: 'broker.site.example' },
      ...{ username: 'plc-00000000', password: 'a-secret-of-somebody' },
    };
    const found = await endOfDiagnosis(await console.client.doctor.diagnose({ connection }));
    expect(likeliest(found)).toBe('connect/user-unknown');
    const none = { ...connection, authorityPem: null };
    expect(likeliest(await endOfDiagnosis(await console.client.doctor.diagnose({ connection: none })))).toBe(
      'tls/ca-missing',
    );
    const { items } = await console.client.audit.list({});
    expect(items.slice(0, 2)).toMatchObject([
      { action: 'connection.diagnosed', details: { cause: 'tls/ca-missing' } },
      { action: 'connection.diagnose', details: { host: '127.0.0.1', exchanges: false } },
    ]);
    expect(JSON.stringify([found, items])).not.toContain('a-secret-of-somebody');
  });

  test('tells nothing while the vault is locked', async () => {
    const { plantId } = await provision('PASSWORD');
    const { diagnosisId } = await console.client.doctor.diagnosePlant({ plantId });
    await endOfDiagnosis({ diagnosisId });
    await console.client.vault.lock();
    await expect(console.client.doctor.get({ diagnosisId })).rejects.toMatchObject({ code: 'vault/locked' });
    await console.client.vault.unlock({ passphrase });
    await expect(console.client.doctor.get({ diagnosisId: 'none' })).rejects.toMatchObject({
      code: 'doctor/diagnosis-not-found',
    });
  });
});
