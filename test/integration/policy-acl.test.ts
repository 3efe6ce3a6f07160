// The rules as an acl_file, asked for through the contract, on a real Mosquitto.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { expect, it, onTestFinished } from 'vitest';
import { createAclEvaluator, parseAcl } from '../../shared/model/mosquitto/acl.ts';
import { passphrase, startConsole } from '../support/console.ts';
import { policyText } from '../support/policy-tokens.ts';
import { freePort, startServer } from '../support/processes.ts';
import { describeWith, programPath } from '../support/requirements.ts';

const rules = {
  text: policyText([
    { subjects: { groups: ['viewers'] }, topics: ['plant/#', '+/status'], actions: ['subscribe', 'read'] },
    { subjects: { groups: ['viewers'] }, topics: ['plant/secret/#'], actions: ['subscribe'], effect: 'deny' },
    { subjects: { scopes: ['mqtt.write'] }, topics: ['plant/+/x', 'other'], actions: ['publish'] },
    { subjects: { ids: ['w'] }, topics: ['plant/b/#'], actions: ['publish'], effect: 'deny' },
  ]),
};
const clients = [
  { username: 'vera', subject: { type: 'user' as const, id: 'v', groups: ['viewers'], scopes: [] } },
  { username: 'wim', subject: { type: 'service' as const, id: 'w', groups: [], scopes: ['mqtt.write'] } },
  { username: 'ada', subject: { type: 'user' as const, id: 'a', groups: ['admins'], scopes: [] } },
];
const topics = ['plant', 'plant/a/x', 'plant/b/x', 'plant/secret/a', 'x/status', 'other', 'elsewhere', 'end'];

const startWithVault = async () => {
  const console = await startConsole();
  onTestFinished(() => console.dispose());
  await console.client.vault.create({ passphrase });
  return console.client.policyBroker;
};

describeWith('mosquitto')('the rules as an acl_file', () => {
  it('is obeyed by a real broker as it is read here', async () => {
    const policyBroker = await startWithVault();
    const { text, differences, more } = await policyBroker.renderAcl({ rules, clients });
    expect(differences.map(({ username, reason }) => [username, reason])).toEqual([
      ['vera', 'subscription-denied'],
      ['ada', 'superuser'],
    ]);
    expect(more).toBe(0);

    const folder = await mkdtemp(join(tmpdir(), 'voke-acl-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const acl = join(folder, 'acl');
    await writeFile(acl, text, { mode: 0o600 });
    const port = await freePort();
    const conf = join(folder, 'mosquitto.conf');
    await writeFile(
      conf,
      `listener ${port} 127.0.0.1\nuser ${userInfo().username}\nallow_anonymous true\nacl_file ${acl}\n`,
    );
    const broker = await startServer(programPath('mosquitto'), ['-c', conf], port);
    const open = (username: string) =>
      connectAsync(`mqtt://127.0.0.1:${port}`, { username, protocolVersion: 5, reconnectPeriod: 0 });
    const sessions = await Promise.all(
      clients.map(async ({ username }) => ({ username, client: await open(username) })),
    );
    onTestFinished(async () => {
      await Promise.all(sessions.map(({ client }) => client.endAsync(true)));
      await broker.stop();
    });

    const file = createAclEvaluator(parseAcl(text).value);
    const admin = sessions.find(({ username }) => username === 'ada')?.client;
    for (const { username, client } of sessions) {
      for (const topic of topics) {
        const reason = await client.publishAsync(topic, 'x', { qos: 1 }).then(
          () => 'taken',
          () => 'denied',
        );
        expect([username, topic, reason]).toEqual([
          username,
          topic,
          file.mayWrite(username, 'c', topic) ? 'taken' : 'denied',
        ]);
      }
      const heard: string[] = [];
      client.on('message', (topic) => heard.push(topic));
      // Accepted, whatever the rules say: what counts is what is delivered.
      expect(await client.subscribeAsync('#', { qos: 1 })).toMatchObject([{ qos: 1 }]);
      for (const topic of topics) await admin?.publishAsync(topic, 'x', { qos: 1 });
      const readable = topics.filter((topic) => file.mayRead(username, 'c', topic));
      await expect.poll(() => heard.length).toBeGreaterThanOrEqual(readable.length);
      // A round trip later nothing more can be on its way.
      await client.unsubscribeAsync('#');
      expect(heard).toEqual(readable);
    }
  });
});

it('reads a file as a table, and refuses what cannot be asked', async () => {
  const policyBroker = await startWithVault();
  const { text } = await policyBroker.renderAcl({ rules, clients });
  const { rows, faults } = await policyBroker.readAcl({ text });
  expect(faults).toEqual([]);
  expect(rows.map(({ differences }) => differences)).toEqual([
    [],
    ['subscribe-unchecked'],
    ['subscribe-unchecked'],
    [],
    [],
    [],
    ['subscribe-unchecked'],
  ]);
  expect(rows.map(({ who, access, topic }) => [who.kind === 'user' && who.username, access, topic])).toEqual([
    ['vera', 'deny', 'plant/secret/#'],
    ['vera', 'read', '+/status'],
    ['vera', 'read', 'plant/#'],
    ['wim', 'deny', 'plant/b/#'],
    ['wim', 'write', 'other'],
    ['wim', 'write', 'plant/+/x'],
    ['ada', 'readwrite', '#'],
  ]);
  const code = (name: string) => expect.objectContaining({ code: name });
  await expect(policyBroker.renderAcl({ rules, clients: [...clients, ...clients] })).rejects.toEqual(
    code('input/invalid'),
  );
  await expect(policyBroker.renderAcl({ rules: { text: '{' }, clients })).rejects.toEqual(code('policy/rules-invalid'));
  await expect(policyBroker.renderAcl({ rules: { version: 9 }, clients })).rejects.toEqual(
    code('policy/version-not-found'),
  );
});
