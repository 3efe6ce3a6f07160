// Going back to an earlier configuration brings its setup back, and nobody who was let out since.

import 'reflect-metadata';

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { X509Crl } from '@peculiar/x509';
import { afterEach, expect, it } from 'vitest';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';
import { brokerDirectory, knock, makeScene, onlyTheRightOnes, whoGetsIn } from '../support/push-scene.ts';

let console: TestConsole;
afterEach(() => console.dispose());

it('goes back to the setup of a generation, with the CRL and the credentials of today', async () => {
  console = await startCommissioned();
  const { client } = console;
  const scene = await makeScene(console);
  const { brokerId } = scene;
  const [certificatePlant, passwordPlant] = scene.kept;
  if (!certificatePlant || !passwordPlant) throw new Error('no plants');
  const push = async () => expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull();
  const live = (name: string) => join(brokerDirectory(console.dataDirectory, brokerId), 'live', name);
  const revokedInForce = async () => new X509Crl(await readFile(live('ca.crl'), 'utf8')).entries.length;

  await push();
  expect(await client.brokers.generations({ brokerId })).toEqual([]);
  // What somebody else sets up on the broker belongs to its configuration.
  const conf = await readFile(live('mosquitto.conf'), 'utf8');
  const edited = conf.replace('message_size_limit', 'max_queued_messages 77\nmessage_size_limit');
  await writeFile(live('mosquitto.conf'), edited);
  await client.plants.activate({ plantId: passwordPlant.plantId });
  await client.plants.rotate({ plantId: passwordPlant.plantId });
  const { body: rotated } = await client.plants.download({ plantId: passwordPlant.plantId });
  await client.plants.revoke({ plantId: scene.revoked.plantId, reason: 'keyCompromise' });
  await push();
  await writeFile(live('mosquitto.conf'), conf);
  await push();
  expect(await readFile(live('mosquitto.conf'), 'utf8')).not.toContain('max_queued_messages');
  const generation = (await client.brokers.generations({ brokerId })).at(-1);
  if (!generation) throw new Error('there is no generation to go back to');
  const revokedBefore = await revokedInForce();
  const planned = { brokerId, generationId: generation.generationId };
  const plan = await client.brokers.planGoingBack(planned);
  const changing = plan.files.filter(({ change }) => change !== 'same');
  expect(changing.map(({ file, change, needs }) => [file, change, needs])).toEqual([
    ['mosquitto.conf', 'changed', 'restart'],
  ]);
  expect(changing[0]?.diff).toMatch(/^\+max_queued_messages 77$/m);
  expect(plan).toMatchObject({ needs: 'restart', dropped: { who: 'everyone' } });
  expect(await readFile(live('mosquitto.conf'), 'utf8')).not.toContain('max_queued_messages');
  const back = await endOf(console, await client.brokers.goBack({ brokerId, generationId: generation.generationId }));
  expect(back.error).toBeNull();
  expect(back.probes).toMatchObject([{ after: 'push' }]);
  expect(await readFile(live('mosquitto.conf'), 'utf8')).toContain('max_queued_messages 77');
  expect(await revokedInForce()).toBe(revokedBefore);
  expect(await knock(scene.revoked)).toBe('refused');
  // The superseded password does not come back either.
  expect([await knock(passwordPlant), await knock(rotated), await knock(certificatePlant)]).toEqual([
    'refused',
    'accepted',
    'accepted',
  ]);
  await expect(whoGetsIn({ ...scene, kept: [certificatePlant, rotated] })).resolves.toBe(onlyTheRightOnes);

  await expect(client.brokers.planGoingBack({ brokerId, generationId: 'none' })).rejects.toMatchObject({
    code: 'broker/no-such-generation',
  });
  const unknown = await endOf(console, await client.brokers.goBack({ brokerId, generationId: 'none' }));
  expect(unknown.error).toMatchObject({ code: 'broker/no-such-generation' });
});
