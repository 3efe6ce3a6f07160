// What filters match, and the relations between them, against a real mosquitto: by what it delivers to subscriptions.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findMosquitto } from '../../electron/broker/targets/mosquitto-program.ts';
import { filterCoversFilter, filtersOverlap } from '../../electron/policy/filters.ts';
import { filterMatchesTopic } from '../../shared/model/topics.ts';
import { freePort } from '../support/processes.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { everyTopic, holdsAll, shareSome, someFilter } from '../support/topic-choices.ts';

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

const lastTopic = 'last/of/all/five/levels';

/** What mosquitto delivers to each filter of all these topics, to a client of its own each. */
async function delivered(filters: readonly string[], topics: readonly string[]): Promise<Map<string, Set<string>>> {
  const open = () => connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
  const subscribers = await Promise.all(
    filters.map(async (filter) => {
      const client = await open();
      const heard = new Set<string>();
      const hasEnded = new Promise<void>((resolve) => {
        client.on('message', (topic) => (topic === lastTopic ? resolve() : heard.add(topic)));
      });
      await client.subscribeAsync([filter, lastTopic], { qos: 1 });
      return { filter, client, heard, hasEnded };
    }),
  );
  const publisher = await open();
  for (const topic of [...topics, lastTopic]) await publisher.publishAsync(topic, 'x', { qos: 1 });
  await Promise.all(subscribers.map(({ hasEnded }) => hasEnded));
  await Promise.all([publisher, ...subscribers.map(({ client }) => client)].map((client) => client.endAsync()));
  return new Map(subscribers.map(({ filter, heard }) => [filter, heard]));
}

const always = [
  'a/+/b',
  'a/#',
  'a/+',
  '#',
  '+',
  '/',
  '/+',
  '/#',
  '/+/#',
  '+/',
  '+/#',
  '+/+',
  '$x/#',
  '$x',
  '$x/+',
  'a',
];

it('agrees with the broker about what a filter matches, what it covers, and what two have in common', async () => {
  const random = new SeededRandom(11);
  const filters = [...new Set([...always, ...random.list(150, () => someFilter(random))])];
  const pairs = filters.flatMap((outer) => filters.map((inner) => [outer, inner] as const));
  const model = everyTopic();
  const matched = new Map(
    filters.map((filter) => [filter, new Set(model.filter((topic) => filterMatchesTopic(filter, topic)))]),
  );
  /** The first topic that the model knows in the one, and not in the other. */
  const witnessOf = (outer: string, inner: string) => {
    const held = matched.get(outer);
    for (const topic of matched.get(inner) ?? []) if (!held?.has(topic)) return topic;
    return undefined;
  };
  const apart = pairs
    .filter(([outer, inner]) => !filterCoversFilter(outer, inner))
    .map(([outer, inner]) => ({ outer, inner, witness: witnessOf(outer, inner) }));
  const topics = [
    ...new Set([
      ...model.filter((topic) => topic.split('/').length <= 2),
      ...random.list(300, () => random.pick(['a', ...model])),
      ...apart.flatMap(({ witness }) => witness ?? []),
    ]),
  ];

  const live = await delivered(filters, topics);
  const heardBy = (filter: string): ReadonlySet<string> => live.get(filter) ?? new Set();

  for (const filter of filters)
    expect([filter, ...heardBy(filter)]).toEqual([
      filter,
      ...topics.filter((topic) => filterMatchesTopic(filter, topic)),
    ]);
  for (const [one, other] of pairs) {
    const [ofOne, ofOther] = [heardBy(one), heardBy(other)];
    if (filterCoversFilter(one, other)) expect(holdsAll(ofOne, ofOther), `${one} covers ${other}`).toBe(true);
    if (shareSome(ofOne, ofOther)) expect(filtersOverlap(one, other), `${one} and ${other}`).toBe(true);
  }
  for (const { outer, inner, witness } of apart) {
    // What `/+/#` lacks of `/#` is the empty topic, which nobody can publish.
    if (inner === '/#' && witness === undefined) continue;
    expect(witness, `${outer} does not cover ${inner}`).toBeDefined();
    if (witness === undefined) continue;
    expect([inner, witness, heardBy(inner).has(witness)]).toEqual([inner, witness, true]);
    expect([outer, witness, heardBy(outer).has(witness)]).toEqual([outer, witness, false]);
  }
});
