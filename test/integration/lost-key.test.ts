// A vault that lost the key of its authority, on a live Mosquitto: what is connected goes on, and an emergency leads every
// plant to the new authority although the old one can sign nothing for it.

import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { vaultFileName } from '../../electron/core/console.ts';
import type { AuthMethod } from '../../shared/model/plant.ts';
import { passphrase, startCommissioned, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';
import { loseAuthorityKey } from '../support/lost-key.ts';
import { addLocalBroker, knock } from '../support/push-scene.ts';
import { describeWith } from '../support/requirements.ts';

let console: TestConsole;
afterEach(() => console.dispose());

describeWith('mosquitto')('a key that does not open any more', () => {
  it('leaves the broker as it is, and gives way to a new authority with new credentials for all', async () => {
    console = await startCommissioned();
    const { client } = console;
    const brokerId = await addLocalBroker(console);
    const commissioned = async (authMethod: AuthMethod) => {
      const { plantId } = await client.plants.create({ name: authMethod, authMethod });
      const files = await client.plants.provision({ plantId, brokerId, keyAlgorithm: 'EC-P256' });
      await client.plants.activate({ plantId });
      return { plantId, files };
    };
    const plants = [await commissioned('MTLS'), await commissioned('PASSWORD')];
    const push = async () => {
      const { error, probes } = await endOf(console, await client.brokers.push({ brokerId }));
      expect(error).toBeNull();
      return probes.flatMap(({ results }) => results.map(({ name, outcome }) => `${name}: ${outcome}`));
    };
    await push();
    await client.vault.lock();
    loseAuthorityKey(join(console.dataDirectory, vaultFileName), 'unreadable');
    await client.vault.unlock({ passphrase });

    // A new password needs no signature, and reaches the broker.
    await client.plants
      .create({ name: 'Later', authMethod: 'PASSWORD' })
      .then(({ plantId }) => client.plants.provision({ plantId, brokerId }));
    await push();
    for (const { files } of plants) expect(await knock(files)).toBe('accepted');
    await expect(client.authority.renewCrl()).rejects.toMatchObject({ code: 'authority/key-missing' });
    await expect(client.rollover.start()).rejects.toMatchObject({ code: 'authority/key-missing' });

    const begun = await client.rollover.start({ emergency: true });
    expect(begun.authorities.map(({ hasKey, isCrossCertified }) => [hasKey, isCrossCertified])).toEqual([
      [false, false],
      [true, false],
    ]);
    expect((await endOf(console, await client.rollover.renewPlants())).error).toBeNull();
    // The broker trusts both and shows a certificate of the new one: only who has the new CA file believes it.
    expect(await push()).toContain("a plant's certificate: accepted");
    const caCertPem = await (await client.authority.certificateFile()).text();
    for (const { files } of plants) {
      // It is the plant that turns away.
      expect(await knock(files)).toBe('unreachable');
      expect(await knock({ ...files, tls: { caCertPem } })).toBe('accepted');
    }

    for (const { plantId, files } of plants) {
      const { body: fresh } = await client.plants.download({ plantId });
      await push();
      expect(await knock(fresh)).toBe('accepted');
      await client.plants.activate({ plantId });
      expect((await client.rollover.get()).plants.map((plant) => plant.plantId)).not.toContain(files.plantId);
    }
    const authorityId = begun.authorities[0]?.authorityId ?? '';
    await client.rollover.retire({ authorityId, insist: true });
    await push();
    for (const { files } of plants) expect(await knock({ ...files, tls: { caCertPem } })).toBe('refused');
  });
});
