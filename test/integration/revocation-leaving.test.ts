// A revocation that is taken back while its CRL leaves: the files and the vault say the same afterwards, whoever was first.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { unpackTar } from 'modern-tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectCrl } from '../../electron/authority/inspect.ts';
import { takeRevocationBack } from '../../electron/operations/credential-lifecycle.ts';
import { pushBroker } from '../../electron/operations/push.ts';
import type { StepRunner } from '../../electron/operations/steps.ts';
import { brokerPlaces } from '../support/broker-places.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';
import { addLocalBroker, knock } from '../support/push-scene.ts';
import { startPushTrial } from '../support/push-trial.ts';

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'taken back';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
};

type Way = (console: TestConsole, brokerId: string) => Promise<Blob>;
const ways: Readonly<Record<string, Way>> = {
  'the whole set': ({ client }) => client.authority.exportSet({}),
  "a broker's files": ({ client }, brokerId) => client.brokers.files({ brokerId }),
};

/** Bytes of the file of an archive whose path ends like this. */
async function fileIn(archive: Blob, end: string): Promise<string> {
  const entries = await unpackTar(await archive.arrayBuffer());
  return Buffer.from(entries.find(({ header }) => header.name.endsWith(end))?.data ?? []).toString('latin1');
}

describe.each(Object.entries(ways))('while %s leaves', (_name, leave) => {
  let console: TestConsole;
  let brokerId: string;
  beforeEach(async () => {
    console = await startCommissioned();
    brokerId = await addLocalBroker(console);
    // What leaves shall take its time.
    const csv = ['name,auth method', ...Array.from({ length: 80 }, (_, number) => `Pump ${number},MTLS`)].join('\n');
    await endOf(console, await console.client.plants.import({ csv, issue: { keyAlgorithm: 'EC-P256' } }));
    await leave(console, brokerId);
  });
  afterEach(() => console.dispose());

  it('a revocation stands, or is in none of its files', async () => {
    const { client } = console;
    const { plantId } = await client.plants.create({ name: 'Pump', authMethod: 'MTLS' });
    await client.plants.provision({ plantId, keyAlgorithm: 'EC-P256' });
    await client.plants.activate({ plantId });
    const { items } = await client.authority.listCertificates({ kind: 'device' });
    const serialNumber = items.find((one) => one.plantId === plantId)?.serialNumber ?? '';
    const said = new Set<string>();
    for (let turns = 0; turns < 24; turns++) {
      await client.plants.revoke({ plantId, reason: 'keyCompromise' });
      const leaving = leave(console, brokerId);
      for (let turn = 0; turn < turns; turn++) await nextTurn();
      const undo = await codeOf(client.plants.takeRevocationBack({ plantId }));
      const crl = inspectCrl(await fileIn(await leaving, 'ca.crl'));
      const { status } = await client.plants.get({ plantId });
      const isListed = crl.revokedSerialNumbers.includes(serialNumber);
      expect([undo, status, isListed]).toEqual(
        undo === 'taken back' ? [undo, 'ACTIVE', false] : ['plant/revocation-left', 'REVOKED', true],
      );
      said.add(undo);
      if (undo !== 'taken back') break;
    }
    expect(said).toContain('plant/revocation-left');
  });
});

it('a revocation cannot be taken back once a push has read the CRL that it brings', async () => {
  const trial = await startPushTrial(brokerPlaces['on this machine']);
  const { context, place, scene } = trial;
  try {
    const undone: string[] = [];
    const meanwhile: StepRunner = async (name, work) => {
      if (name.startsWith('Check them')) undone.push(await codeOf(takeRevocationBack(context, scene.revoked.plantId)));
      return await work();
    };
    await pushBroker(context, scene.brokerId, place.target(), meanwhile);
    expect(undone).toEqual(['plant/revocation-left']);
    expect(await knock(scene.revoked)).toBe('refused');
    expect(context.vault.plants.get(scene.revoked.plantId)?.status).toBe('REVOKED');
  } finally {
    await trial.remove();
  }
});
