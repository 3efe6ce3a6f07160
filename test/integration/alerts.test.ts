// The four kinds of alert, each made for real on a Mosquitto that the console runs and listens to.

import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { signMessage } from '../../electron/credentials/signatures.ts';
import type { AlertCondition } from '../../shared/model/alert.ts';
import type { HostNotice } from '../../shared/model/host-notice.ts';
import type { ContractClient } from '../browser/support/contract-client.ts';
import { passphrase, startCommissioned, type TestConsole } from '../support/console.ts';
import { type LiveBroker, startLiveBroker } from '../support/live-broker.ts';
import { describeWith } from '../support/requirements.ts';

describeWith('mosquitto')('alerts of a real Mosquitto', () => {
  const notices: HostNotice[] = [];
  let console: TestConsole;
  let client: TestConsole['client'];
  let broker: LiveBroker;
  let sender: MqttClient;

  const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 25_000, interval: 200 });

  beforeAll(async () => {
    console = await startCommissioned({ notify: (notice) => notices.push(notice) });
    client = console.client;
    broker = await startLiveBroker(client as unknown as ContractClient);
    const { brokerId } = broker;
    await client.monitor.connect({ brokerId, filters: ['#'] });
    await until(async () => expect((await client.monitor.list())[0]?.connection.state).toBe('connected'));
    sender = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { ...broker.login, protocolVersion: 5 });
  });

  afterAll(async () => {
    await sender?.endAsync(true);
    await console?.dispose();
  });

  const addRule = (name: string, condition: AlertCondition) =>
    client.alerts.addRule({ name, brokerId: broker.brokerId, isEnabled: true, condition });
  const alertOf = async (ruleId: string) => (await client.alerts.get()).alerts.find((alert) => alert.ruleId === ruleId);
  const publish = (topic: string, content: unknown) => sender.publishAsync(topic, JSON.stringify(content), { qos: 1 });

  test('a value beyond its limit is raised, told of by the host, acknowledged, and ends behind the hysteresis', async () => {
    const { ruleId } = await addRule('Cabinet is hot', {
      kind: 'value',
      filter: 'site/+/cabinet',
      pointer: '/devices/0/temperature',
      direction: 'above',
      limit: 80,
      hysteresis: 5,
    });
    const send = (temperature: number) => publish('site/1/cabinet', { devices: [{ temperature }] });
    await send(79);
    await send(91);
    await until(async () => expect(await alertOf(ruleId)).toMatchObject({ value: '91', endedAt: null, count: 1 }));
    await until(async () => expect(notices.map(({ title }) => title)).toContain('Alert: Cabinet is hot'));
    const alertId = (await alertOf(ruleId))?.alertId ?? '';
    await client.alerts.acknowledge({ alertId });
    expect(await alertOf(ruleId)).toMatchObject({ acknowledgedBy: 'tester' });
    await send(70);
    await until(async () => expect((await alertOf(ruleId))?.endedAt).not.toBeNull());
    await send(92);
    await until(async () =>
      expect(await alertOf(ruleId)).toMatchObject({ alertId, count: 2, endedAt: null, acknowledgedBy: null }),
    );
    await client.alerts.deleteRule({ ruleId });
    await until(async () => expect((await alertOf(ruleId))?.endedAt).not.toBeNull());
  });

  test('an alarm is raised by RAISE and ended by RESOLVE, its text made visible', async () => {
    const { ruleId } = await addRule('Alarms', { kind: 'alarm' });
    const { plantId } = await client.plants.create({ name: 'Alarmed', authMethod: 'MTLS' });
    const alarm = { ts: Date.now(), n: '00112233', alarmId: 'a-1', code: 'E7', sev: 'MAJOR', msg: 'hot\u202e' };
    await publish(`cpi/${plantId}/alarm`, { ...alarm, ev: 'RAISE' });
    await until(async () =>
      expect(await alertOf(ruleId)).toMatchObject({ plantId, what: 'Alarm MAJOR E7: hot\\u202e', endedAt: null }),
    );
    await publish(`cpi/${plantId}/alarm`, { ...alarm, ev: 'RESOLVE' });
    await until(async () => expect((await alertOf(ruleId))?.endedAt).not.toBeNull());
  });

  test('a refused login is raised by what the log of the broker says', async () => {
    const { ruleId } = await addRule('Refused', { kind: 'refused' });
    const tryToLogIn = () =>
      mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
        ...broker.login,
        clientId: 'stranger',
        password: 'wrong',
        reconnectPeriod: 0,
      });
    // The first look finds what is old.
    await vi.waitFor(
      async () => {
        await expect(tryToLogIn()).rejects.toThrow();
        expect(await alertOf(ruleId)).toMatchObject({ kind: 'refused', endedAt: null });
      },
      { timeout: 25_000, interval: 1000 },
    );
  });

  test('a plant that falls silent is raised, and its next word ends it', async () => {
    const { plantId } = await client.plants.create({ name: 'Quiet', authMethod: 'PASSWORD' });
    await client.plants.provision({ plantId, brokerId: broker.brokerId });
    await client.plants.activate({ plantId });
    const { ruleId } = await addRule('Silence', { kind: 'silent', scope: { kind: 'plant', plantId }, seconds: 5 });
    await until(async () => expect(await alertOf(ruleId)).toMatchObject({ plantId, endedAt: null }));
    await publish(`cpi/${plantId}/status`, { online: true });
    await until(async () => expect((await alertOf(ruleId))?.endedAt).not.toBeNull());
  });

  test('an alarm signed by somebody else, or sent again, is not believed', async () => {
    const { ruleId } = await addRule('Signed alarms', { kind: 'alarm' });
    const { plantId } = await client.plants.create({ name: 'Signs', authMethod: 'PASSWORD' });
    const { hmacSecret } = await client.plants.provision({ plantId, brokerId: broker.brokerId });
    const alarm = (ev: string, n: string) => {
      const message = { ts: Date.now(), n, ev, alarmId: 'a-1', code: 'E7', sev: 'MAJOR' };
      return { ...message, sig: signMessage('alarm', plantId, message, hmacSecret) };
    };
    const topic = `cpi/${plantId}/alarm`;
    const raise = alarm('RAISE', '0011223344');
    await publish(topic, { ...raise, code: 'E8' });
    await until(async () => expect(await client.alerts.get()).toMatchObject({ unbelieved: 1 }));
    await publish(topic, raise);
    await until(async () => expect((await alertOf(ruleId))?.endedAt).toBeNull());
    await publish(topic, alarm('RESOLVE', '1122334455'));
    await until(async () => expect((await alertOf(ruleId))?.endedAt).not.toBeNull());
    await publish(topic, raise);
    await until(async () => expect(await client.alerts.get()).toMatchObject({ unbelieved: 2 }));
    expect(await alertOf(ruleId)).toMatchObject({ plantName: 'Signs', count: 1 });
    expect((await client.alerts.get()).unbelievedPlants).toEqual([plantId]);
  });

  test('plants are heard whatever the operator looks at, and what cannot be heard is told with its reason', async () => {
    const { brokerId } = broker;
    await client.monitor.connect({ brokerId, filters: ['site/2/#'] });
    const { ruleId } = await addRule('Alarms all the same', { kind: 'alarm' });
    const cabinet = { kind: 'value', pointer: '', direction: 'above', limit: 1, hysteresis: 0 } as const;
    await addRule('Seen', { ...cabinet, filter: 'site/2/x' });
    const deaf = await addRule('Unseen', { ...cabinet, filter: 'site/3' });
    await until(async () =>
      expect((await client.alerts.get()).deaf).toEqual([
        { ruleId: deaf.ruleId, brokerName: 'Site', why: 'outside', detail: 'site/3' },
      ]),
    );
    const { plantId } = await client.plants.create({ name: 'Heard', authMethod: 'MTLS' });
    await publish(`cpi/${plantId}/alarm`, { ev: 'RAISE', alarmId: 'x' });
    await until(async () =>
      expect(await alertOf(ruleId)).toMatchObject({ plantName: 'Heard', endedAt: null, count: 1 }),
    );
  });

  test('who listened beside the operator ends once the operator hears all plants again', async () => {
    const { brokerId } = broker;
    const sessions = async () => {
      const open = new Set<string>();
      for (const line of await client.brokers.log({ brokerId })) {
        const [, came] = / as (voke-console-\S+) /.exec(line) ?? [];
        const [, went] = / Client (voke-console-\S+) (?:disconnected|closed)/.exec(line) ?? [];
        if (came) open.add(came);
        if (went) open.delete(went);
      }
      return open.size;
    };
    await until(async () => expect(await sessions()).toBe(2));
    await client.monitor.connect({ brokerId, filters: ['#'] });
    await until(async () => expect((await client.monitor.list())[0]?.connection.state).toBe('connected'));
    await until(async () => expect(await sessions()).toBe(1));
  });

  test('while the vault is locked alerts rest; when it is open again rules are watched by themselves', async () => {
    const { ruleId } = await addRule('After the unlock', { kind: 'alarm' });
    const { total } = await client.alerts.get();
    await client.vault.lock();
    await client.vault.unlock({ passphrase });
    expect((await client.alerts.get()).total).toBe(total);
    const { plantId } = await client.plants.create({ name: 'Later', authMethod: 'MTLS' });
    await until(async () => {
      await publish(`cpi/${plantId}/alarm`, { ev: 'RAISE', alarmId: 'later' });
      expect(await alertOf(ruleId)).toMatchObject({ plantName: 'Later' });
    });
    expect((await client.alerts.csv()).split('\r\n')[0]).toContain('began,ended');
  });
});
