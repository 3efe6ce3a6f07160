// The point of adopting an authority: plants that nobody touched go on over a broker that the console pushes, and what
// openssl had revoked stays out.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { freePorts } from '../../electron/platform/free-port.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import { passphrase, startConsole } from '../support/console.ts';
import { sentFile } from '../support/import-files.ts';
import { endOf } from '../support/jobs.ts';
import { MqttSession } from '../support/mqtt-session.ts';
import { type Identity, OpensslPki } from '../support/openssl-pki.ts';
import { describeWith } from '../support/requirements.ts';

const plant = (last: number) => plantIdSchema.parse(`a1b2c3d${last}-0000-0000-0000-00000000000${last}`);
const [kept, revokedBefore, revokedUnseen] = [plant(1), plant(2), plant(3)];

describeWith('mosquitto', 'openssl')('the plants of an adopted authority', () => {
  it('connect with the certificates that they have, and those that were revoked do not', async () => {
    const pki = await OpensslPki.create();
    onTestFinished(() => pki.remove());
    const identities = new Map<string, Identity>();
    for (const id of [kept, revokedBefore, revokedUnseen]) identities.set(id, await pki.issueDevice(id));
    const identityOf = (id: string) => identities.get(id) as Identity;
    for (const id of [revokedBefore, revokedUnseen]) await pki.revoke(identityOf(id));
    const given = await Promise.all(
      ['ca.key', 'ca.crt', 'index.txt'].map(async (name) => sentFile(name, await readFile(join(pki.directory, name)))),
    );
    const devices = [kept, revokedBefore].map((id) =>
      sentFile(`devices/${id}/device.crt`, identityOf(id).certificatePem),
    );

    const server = sentFile('server.crt', (await pki.issueServer()).certificatePem);

    const console = await startConsole();
    onTestFinished(() => console.dispose());
    const { client } = console;
    await client.vault.create({ passphrase });
    await client.authority.import({ files: [...given, ...devices, server] });
    const servers = async () =>
      (await client.authority.expiries()).filter(({ kind }) => kind === 'broker').map(({ isOutage }) => isOutage);
    expect(await servers()).toEqual([true]);
    const [mtls = 0, password = 0, token = 0] = await freePorts(3);
    const { brokerId } = await client.brokers.create({
      name: 'Broker',
      target: { kind: 'process' },
      host: 'localhost',
      subjectAltNames: ['127.0.0.1'],
      ports: { mtls, password, token },
    });
    const push = async () => expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull();
    await push();
    // The broker has one of the console's now: nobody depends on the old one.
    expect((await servers()).toSorted()).toEqual([false, true]);

    const authorityPem = await pki.certificatePem();
    const connect = async (id: string) => {
      const session = await MqttSession.open({
        listener: { host: 'localhost', port: mtls, authorityPem },
        identity: { clientId: id, ...identityOf(id) },
      });
      onTestFinished(() => session.close());
      return session;
    };
    const live = await connect(kept);
    expect(await live.isAlive()).toBe(true);
    await expect(connect(revokedBefore)).rejects.toThrow();
    await expect(connect(revokedUnseen)).rejects.toThrow();
    expect((await client.plants.presence({ plantId: kept })).connected).toBe('yes');

    await client.plants.revoke({ plantId: kept });
    await push();
    await live.ended();
    await expect(connect(kept)).rejects.toThrow();
  });
});
