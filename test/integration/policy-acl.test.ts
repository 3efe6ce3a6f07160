// The rules as an acl_file, asked for through the contract, on a real Mosquitto.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { expect, it, onTestFinished } from 'vitest';
import { RuleSet } from '../../electron/policy/decide.ts';
import { parsePolicy } from '../../electron/policy/rules.ts';
import { createAclEvaluator, parseAcl } from '../../shared/model/mosquitto/acl.ts';
import type { PolicyAction } from '../../shared/model/policy.ts';
import type { AclClient } from '../../shared/model/policy-acl.ts';
import { passphrase, startConsole } from '../support/console.ts';
import { policyText } from '../support/policy-tokens.ts';
import { documentOf, everySubject, everyTopic, renamed, renamedRules, someRules } from '../support/policy-universe.ts';
import { freePort, startServer } from '../support/processes.ts';
import { describeWith, programPath } from '../support/requirements.ts';
import { SeededRandom } from '../support/seeded-random.ts';

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

const nobody = { type: 'nobody' as const, id: 'n', groups: [], scopes: [] };

/** A broker that obeys the file, and a session for each name. */
async function startBroker(text: string, usernames: readonly string[]) {
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
  const sessions = await Promise.all(
    usernames.map((username) =>
      connectAsync(`mqtt://127.0.0.1:${port}`, { username, protocolVersion: 5, reconnectPeriod: 0 }),
    ),
  );
  onTestFinished(async () => {
    await Promise.all(sessions.map((client) => client.endAsync(true)));
    await broker.stop();
  });
  return sessions;
}

/** Of these topics, those that the client may publish. */
async function publishable(client: MqttClient, all: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(
    all.map((topic) =>
      client.publishAsync(topic, 'x', { qos: 1 }).then(
        () => [topic],
        () => [],
      ),
    ),
  );
  return answers.flat();
}

/** Of these topics, those that reach the client when another one publishes them all. `last` must reach it. */
async function receivable(client: MqttClient, sender: MqttClient, all: readonly string[], last: string) {
  const heard: string[] = [];
  const hasEnded = new Promise<void>((resolve) => {
    client.on('message', (topic) => (topic === last ? resolve() : heard.push(topic)));
  });
  // Accepted, whatever the rules say: what counts is what is delivered.
  expect(await client.subscribeAsync(['#', '$b/#'], { qos: 1 })).toMatchObject([{ qos: 1 }, { qos: 1 }]);
  for (const topic of [...all, last]) await sender.publishAsync(topic, 'x', { qos: 1 });
  await hasEnded;
  await client.unsubscribeAsync(['#', '$b/#']);
  client.removeAllListeners('message');
  return heard;
}

describeWith('mosquitto')('the rules as an acl_file', () => {
  it('is obeyed by a real broker as it is read here', async () => {
    const policyBroker = await startWithVault();
    const { text, differences, more } = await policyBroker.renderAcl({ rules, clients });
    expect(differences.map(({ username, reason }) => [username, reason])).toEqual([
      ['vera', 'subscription-denied'],
      ['ada', 'superuser'],
    ]);
    expect(more).toBe(0);
    await compareWithBroker(text, clients, topics, rules.text);
  });

  it('allows on a real broker nothing that random rules deny', async () => {
    const policyBroker = await startWithVault();
    const random = new SeededRandom(23);
    let allowed = 0;
    for (const level of ['', '$b', '', '$b'] as const) {
      const some = random.list(4, (i) => ({ username: `user-${i}`, subject: random.pick([nobody, ...everySubject]) }));
      const text = JSON.stringify(documentOf(renamedRules(someRules(random, 9), level)));
      const rendered = await policyBroker.renderAcl({ rules: { text }, clients: some });
      const all = [...new Set(everyTopic.map((topic) => renamed(topic, level)))];
      allowed += await compareWithBroker(rendered.text, some, all, text);
    }
    expect(allowed).toBeGreaterThan(100);
  });
});

/** What each client may do on a real broker: what the file is read to say, and nothing that the rules deny. How much it is. */
async function compareWithBroker(text: string, users: readonly AclClient[], all: readonly string[], rulesText: string) {
  const { value, faults } = parseAcl(text);
  expect(faults).toEqual([]);
  const file = createAclEvaluator(value);
  const ruleSet = new RuleSet(parsePolicy(rulesText).document);
  const last = 'end/of/all/the/topics';
  const lines = `${text}\n${users.map(({ username }) => `user ${username}\ntopic read ${last}\n`).join('')}`;
  const [sender, ...sessions] = await startBroker(`${lines}user sender\ntopic write #\ntopic write $b/#\n`, [
    'sender',
    ...users.map(({ username }) => username),
  ]);
  let allowed = 0;
  for (const [i, { username, subject }] of users.entries()) {
    const client = sessions[i];
    if (!client || !sender) throw new Error('a session is missing');
    const may = (action: PolicyAction, topic: string) =>
      ruleSet.isSuperuser(subject) || ruleSet.decide(subject, action, topic).allowed;
    const published = await publishable(client, all);
    expect([username, published]).toEqual([username, all.filter((topic) => file.mayWrite(username, 'c', topic))]);
    expect(published.filter((topic) => !may('publish', topic))).toEqual([]);
    const heard = await receivable(client, sender, all, last);
    expect([username, heard]).toEqual([username, all.filter((topic) => file.mayRead(username, 'c', topic))]);
    expect(heard.filter((topic) => !may('read', topic) || !may('subscribe', topic))).toEqual([]);
    allowed += published.length + heard.length;
  }
  return allowed;
}

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
