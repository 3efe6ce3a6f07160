// What somebody registers by hand while an authority is imported stays his, also when the import is taken out again.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { issueCertificate } from '../../electron/authority/leaf.ts';
import { createAuthority } from '../../electron/authority/root.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import { passphrase, startConsole, type TestConsole } from '../support/console.ts';
import { sentFile } from '../support/import-files.ts';

let console: TestConsole;
beforeEach(async () => {
  console = await startConsole();
  await console.client.vault.create({ passphrase });
});
afterEach(() => console.dispose());

const plants = 120;
const id = (number: number) =>
  plantIdSchema.parse(`${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`);

async function adoptable() {
  const now = new Date();
  const authority = await createAuthority({ subject: '/CN=Old', keyAlgorithm: 'EC-P256', validityDays: 900, now });
  const files = [sentFile('ca.crt', authority.certificatePem), sentFile('ca.key', authority.privateKeyPem)];
  for (let number = 1; number <= plants; number++) {
    const profile = { kind: 'device', plantId: id(number) } as const;
    const { certificatePem } = await issueCertificate({ authority, profile, keyAlgorithm: 'EC-P256', now });
    files.push(sentFile(`devices/${number}.crt`, certificatePem));
  }
  return files;
}

it('leaves a plant to whoever registered it, and takes out all that came with the authority', async () => {
  const { client } = console;
  const importing = client.authority.import({ files: await adoptable() });
  const ended = expect(importing).rejects.toMatchObject({ code: 'plant/exists' });
  const stored = async () => (await client.plants.list({ limit: plants })).items.map(({ plantId }) => plantId);
  while ((await stored()).length === 0) await nextTurn();
  const known = await stored();
  const byHand = Array.from({ length: plants }, (_, number) => id(number + 1)).findLast((one) => !known.includes(one));
  await client.plants.create({ name: 'By hand', authMethod: 'PASSWORD', plantId: byHand });
  await ended;
  const { items } = await client.plants.list({ limit: plants });
  expect(items.map(({ plantId, name }) => [plantId, name])).toEqual([[byHand, 'By hand']]);
  expect((await client.authority.listCertificates({ limit: 1 })).total).toBe(0);
  await expect(client.authority.get()).rejects.toMatchObject({ code: 'authority/not-found' });
});
