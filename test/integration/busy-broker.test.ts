// What the log of a real Mosquitto tells while it writes several lines a message: the `plantops` document asks for
// `log_type all`.

import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ContractClient } from '../browser/support/contract-client.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { type LiveBroker, startLiveBroker } from '../support/live-broker.ts';
import { describeWith } from '../support/requirements.ts';

describeWith('mosquitto')('the log of a busy broker', () => {
  let console: TestConsole;
  let client: TestConsole['client'];
  let broker: LiveBroker;
  let sender: MqttClient;

  beforeAll(async () => {
    console = await startCommissioned();
    client = console.client;
    broker = await startLiveBroker(client as unknown as ContractClient);
    sender = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { ...broker.login, protocolVersion: 5 });
  });

  afterAll(async () => {
    await sender?.endAsync(true);
    await console?.dispose();
  });

  /** More lines than the console keeps of the whole log. */
  const sendMany = async () => {
    const send = (_: unknown, index: number) => sender.publishAsync(`cpi/x/${index % 50}`, '1', { qos: 1 });
    await Promise.all(Array.from({ length: 300 }, send));
  };

  test('every refused login raises its alert, whatever is said meanwhile', async () => {
    const condition = { kind: 'refused' } as const;
    await client.alerts.addRule({ name: 'Refused', brokerId: broker.brokerId, isEnabled: true, condition });
    const count = async () => (await client.alerts.get()).alerts.reduce((sum, alert) => sum + alert.count, 0);
    const knock = async (clientId: string) => {
      const login = { ...broker.login, clientId, password: 'wrong', reconnectPeriod: 0 };
      await expect(mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, login)).rejects.toThrow();
    };
    // The first look finds what is old.
    let knocks = 0;
    const patience = { timeout: 25_000, interval: 1000 };
    await expect
      .poll(async () => {
        await knock(`early-${knocks++}`);
        return await count();
      }, patience)
      .toBeGreaterThan(0);
    const settled = async () => {
      const before = await count();
      await new Promise((resolve) => setTimeout(resolve, 6000));
      return (await count()) === before;
    };
    await expect.poll(settled, { timeout: 25_000, interval: 100 }).toBe(true);
    const before = await count();
    for (let i = 0; i < 5; i++) {
      await knock(`busy-${i}`);
      await sendMany();
    }
    await expect.poll(count, patience).toBe(before + 5);
    const { alerts } = await client.alerts.get();
    expect(alerts.every(({ subject }) => subject !== 'log')).toBe(true);
  });

  test('the doctor shows what the broker wrote of the client', async () => {
    const { username } = broker.login;
    const connection = { host: 'localhost', port: broker.port, useTls: false, username, password: 'wrong' };
    let isOver = false;
    const traffic = (async () => {
      while (!isOver) await sendMany();
    })();
    const { diagnosisId } = await client.doctor.diagnose({ connection: { ...connection, protocolVersion: 4 } });
    let told: string[] = [];
    for await (const { steps } of await client.doctor.watch({ diagnosisId })) {
      told = steps.flatMap(({ evidence }) => evidence).flatMap(({ label, value }) => (/log$/.test(label) ? value : []));
    }
    isOver = true;
    await traffic;
    expect(told.join('\n')).toMatch(/disconnected[,:] not authorised/);
    expect(told.join('\n')).not.toContain('PUBLISH');
  });
});
