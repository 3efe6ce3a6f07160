// The relations between filters against a real mosquitto: what it delivers to a subscription is what the filter matches.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findMosquitto } from '../../electron/broker/targets/mosquitto-program.ts';
import { filterCoversFilter, filtersOverlap } from '../../electron/policy/filters.ts';
import { freePort } from '../support/processes.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { holdsAll, shareSome, someFilter } from '../support/topic-choices.ts';

let folder: string;
let broker: ChildProcess;
let port: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voke-policy-'));
  port = await freePort();
  const path = join(folder, 'mosquitto.conf');
  await writeFile(path, `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n`);
  broker = spawn(await findMosquitto(), ['-c', path], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    broker.on('exit', () => reject(new Error('the broker ended')));
    broker.stderr?.setEncoding('utf8').on('data', (text: string) => /running/.test(text) && resolve());
  });
});
afterAll(async () => {
  const ended = once(broker, 'close');
  broker.kill('SIGKILL');
  await ended;
  await rm(folder, { recursive: true, force: true });
});

/** Topics of up to four levels; `$x` begins some of them. */
function someTopics(): string[] {
  const levels = ['a', 'b', '', 'z'];
  const two = levels.flatMap((one) => levels.map((other) => `${one}/${other}`));
  return [
    'a',
    'b',
    'z',
    '$x',
    ...two,
    ...two.flatMap((topic) => levels.map((level) => `${topic}/${level}`)),
    '$x/a',
    '$x/a/b',
  ];
}

/** The topics that mosquitto delivers to a filter. */
async function delivered(filter: string): Promise<Set<string>> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
  const topics = new Set<string>();
  client.on('message', (topic) => topics.add(topic));
  await client.subscribeAsync([filter, 'last/of/all/five/levels'], { qos: 1 });
  for (const topic of someTopics()) client.publish(topic, 'x');
  const last = new Promise<void>((resolve) =>
    client.on('message', (topic) => topic === 'last/of/all/five/levels' && resolve()),
  );
  await client.publishAsync('last/of/all/five/levels', 'x', { qos: 1 });
  await last;
  topics.delete('last/of/all/five/levels');
  await client.endAsync();
  return topics;
}

it('agrees with the broker about what a filter holds and what two have in common', async () => {
  const random = new SeededRandom(11);
  const filters = [
    ...new Set(['a/+/b', 'a/#', 'a/+', '#', '+/#', '$x/#', 'a', ...random.list(25, () => someFilter(random))]),
  ];
  const sets = new Map<string, Set<string>>();
  for (const filter of filters) sets.set(filter, await delivered(filter));
  expect(sets.get('a/#')).toContain('a');
  for (const [one, ofOne] of sets)
    for (const [other, ofOther] of sets) {
      if (filterCoversFilter(one, other)) expect(holdsAll(ofOne, ofOther), `${one} covers ${other}`).toBe(true);
      if (shareSome(ofOne, ofOther)) expect(filtersOverlap(one, other), `${one} and ${other}`).toBe(true);
    }
});
