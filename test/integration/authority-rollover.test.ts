// The change from one authority to the next on a live Mosquitto with ten connected plants: each of them is restarted when
// it gets new files, and none is ever refused or loses its session otherwise.

import { X509Certificate } from 'node:crypto';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, expect, it } from 'vitest';
import { inspectCrl } from '../../electron/authority/inspect.ts';
import { pemBlocks } from '../../electron/platform/pem-blocks.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import type { Rollover } from '../../shared/model/rollover.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { disposeChecked } from '../support/everything-issued.ts';
import { endOf } from '../support/jobs.ts';
import { addLocalBroker, knock } from '../support/push-scene.ts';
import { describeWith } from '../support/requirements.ts';

let console: TestConsole;
afterEach(() => disposeChecked(console));

/** A plant as a PLC is one: it connects with its files, and anew when they were replaced. */
class ConnectedPlant {
  files: ProvisioningPackage;
  readonly log: string[] = [];
  #client: MqttClient | undefined;

  constructor(files: ProvisioningPackage) {
    this.files = files;
  }

  /** Throws when the broker does not let it in at once. */
  async start(): Promise<void> {
    const { connection, auth, tls } = this.files;
    const client = await connectAsync(`mqtts://localhost:${connection.port}`, {
      host: '127.0.0.1',
      clientId: connection.clientId,
      ca: tls.caCertPem,
      protocolVersion: 4,
      reconnectPeriod: 0,
      ...('deviceCertPem' in auth
        ? { cert: auth.deviceCertPem, key: 'deviceKeyPem' in auth ? auth.deviceKeyPem : '' }
        : { username: auth.username, password: 'password' in auth ? auth.password : auth.token }),
    });
    this.#client = client;
    client.on('error', () => {});
    client.on('close', () => {
      if (this.#client === client) this.log.push('lost');
    });
  }

  async restart(): Promise<void> {
    const old = this.#client;
    this.#client = undefined;
    await old?.endAsync(true);
    await this.start();
    this.log.push('restarted');
  }

  /** The broker has served everything before when it answers this. */
  async speak(): Promise<void> {
    await this.#client?.publishAsync(this.files.topics.telemetry, '{}', { qos: 1 });
  }

  async stop(): Promise<void> {
    const old = this.#client;
    this.#client = undefined;
    await old?.endAsync(true);
  }
}

const names = Array.from({ length: 10 }, (_, index) => `Plant ${index}`);

async function scene() {
  console = await startCommissioned();
  const { client } = console;
  const brokerId = await addLocalBroker(console);
  const plants: ConnectedPlant[] = [];
  for (const [index, name] of names.entries()) {
    const authMethod = index < 8 ? 'MTLS' : 'PASSWORD';
    const { plantId } = await client.plants.create({ name, authMethod });
    const issue = { plantId, brokerId, ...(authMethod === 'MTLS' && { keyAlgorithm: 'EC-P256' as const }) };
    plants.push(new ConnectedPlant(await client.plants.provision(issue)));
  }
  /** Answers what the listeners were asked. */
  const push = async () => {
    const { error, probes } = await endOf(console, await client.brokers.push({ brokerId }));
    expect(error).toBeNull();
    return probes.flatMap(({ results }) => results.map(({ name, outcome }) => `${name}: ${outcome}`));
  };
  await push();
  for (const plant of plants) {
    await plant.start();
    await client.plants.activate({ plantId: plant.files.plantId });
  }
  const everybodySpeaks = () => Promise.all(plants.map((plant) => plant.speak()));
  const caFile = async () => (await client.authority.certificateFile()).text();
  return { client, brokerId, plants, push, everybodySpeaks, caFile };
}

const states = ({ authorities }: Rollover) => authorities.map(({ state }) => state);
const issuerOf = ({ auth }: ProvisioningPackage) =>
  'deviceCertPem' in auth ? new X509Certificate(auth.deviceCertPem).issuer : '';

const keyTypeOf = ({ auth }: ProvisioningPackage) =>
  'deviceCertPem' in auth ? new X509Certificate(auth.deviceCertPem).publicKey.asymmetricKeyType : undefined;

describeWith('mosquitto')('a change of authority', () => {
  it('walks ten connected plants over, none of which loses its session for longer than one reconnect', async () => {
    const { client, brokerId, plants, push, everybodySpeaks, caFile } = await scene();
    expect(await client.rollover.get()).toMatchObject({ stage: 'none', plants: [], plantCount: 10 });

    // The next root beside the old one, each certified by the other.
    const begun = await client.rollover.start();
    expect(begun).toMatchObject({
      stage: 'announce',
      isEmergency: false,
      authorities: [
        { subject: '/O=Test/CN=Test Root', state: 'current', isCrossCertified: true, brokersBehind: [] },
        {
          subject: '/O=Test/CN=Test Root G2',
          state: 'next',
          isCrossCertified: true,
          brokersBehind: ['Broker in trouble'],
        },
      ],
    });
    expect(begun.plants.map(({ needs }) => needs)).toEqual(names.map(() => 'trust'));
    await expect(client.rollover.start()).rejects.toMatchObject({ code: 'authority/rollover-running' });
    await expect(client.rollover.issue()).rejects.toMatchObject({ code: 'authority/rollover-not-ready' });
    const [old = '', next = ''] = begun.authorities.map(({ authorityId }) => authorityId);

    // Brokers trust both: one CA file, one CRL file.
    expect((await client.brokers.plan({ brokerId })).needs).toBe('reload');
    expect(await push()).toContain("a plant's certificate of the other authority: accepted");
    await everybodySpeaks();
    expect((await client.rollover.get()).stage).toBe('trust');
    const both = await caFile();
    expect(pemBlocks(both, 'CERTIFICATE')).toHaveLength(2);
    expect(pemBlocks(await (await client.authority.crlFile()).text(), 'X509 CRL')).toHaveLength(2);

    // Devices get the new trust first. Broken off in between, both kinds go on.
    for (const [index, plant] of plants.entries()) {
      plant.files = { ...plant.files, tls: { caCertPem: both } };
      await plant.restart();
      const told = await client.rollover.confirmTrust({ plantIds: [plant.files.plantId] });
      expect(told.plants).toHaveLength(9 - index);
      if (index === 4) {
        expect(told.stage).toBe('trust');
        await everybodySpeaks();
      }
    }

    // From now on the new one issues; the broker shows a certificate of it.
    expect((await client.rollover.get()).stage).toBe('issue');
    const issuing = await client.rollover.issue();
    expect([states(issuing), issuing.stage]).toEqual([['retiring', 'current'], 'serve']);
    await push();
    await everybodySpeaks();
    expect(await client.rollover.get()).toMatchObject({ stage: 'renew', plantCount: 10 });

    // New certificates, one plant after the other; half of them has one and half has not.
    const renewed = await endOf(console, await client.rollover.renewPlants());
    expect(renewed).toMatchObject({ kind: 'renew', state: 'succeeded' });
    const waiting = (await client.rollover.get()).plants;
    expect(waiting.map(({ needs }) => needs)).toEqual(names.slice(0, 8).map(() => 'delivery'));
    await expect(client.rollover.retire({ authorityId: old })).rejects.toMatchObject({
      code: 'authority/rollover-in-use',
    });
    for (const plant of plants.slice(0, 8)) {
      const { plantId } = plant.files;
      const before = issuerOf(plant.files);
      plant.files = (await client.plants.download({ plantId })).body;
      expect(issuerOf(plant.files)).not.toBe(before);
      expect(keyTypeOf(plant.files)).toBe('ec');
      await plant.restart();
      await client.plants.activate({ plantId });
    }
    await push();
    await everybodySpeaks();

    // Only then the old one is retired: its CRL goes on, and holds the certificates that were replaced.
    expect((await client.rollover.get()).stage).toBe('retire');
    const retired = await client.rollover.retire({ authorityId: old });
    expect([states(retired), retired.stage]).toEqual([['retired', 'current'], 'forget']);
    expect((await client.brokers.plan({ brokerId })).needs).toBe('reload');
    expect(await push()).toContain('a certificate of a retired authority: refused');
    await everybodySpeaks();
    expect(await client.rollover.get()).toMatchObject({ stage: 'none', plants: [] });
    expect(pemBlocks(await caFile(), 'CERTIFICATE')).toHaveLength(1);
    const [current, former] = pemBlocks(await (await client.authority.crlFile()).text(), 'X509 CRL').map(inspectCrl);
    expect([current?.issuer, former?.issuer]).toEqual(['/O=Test/CN=Test Root G2', '/O=Test/CN=Test Root']);
    expect(former?.revokedSerialNumbers.length).toBeGreaterThanOrEqual(8);
    await client.authority.renewCrl();
    const again = pemBlocks(await (await client.authority.crlFile()).text(), 'X509 CRL').map(inspectCrl);
    expect(again.map(({ number }) => number)).toEqual([(current?.number ?? 0n) + 1n, (former?.number ?? 0n) + 1n]);
    expect(next).not.toBe(old);

    // Nobody lost a session; each was restarted for its new CA file, and once more for its new certificate.
    expect(plants.map(({ log }) => log)).toEqual(
      names.map((_, index) => (index < 8 ? ['restarted', 'restarted'] : ['restarted'])),
    );
    await Promise.all(plants.map((plant) => plant.stop()));
  });

  it('in an emergency issues everything anew, tells who holds an old one, and then gives the stolen key up', async () => {
    const { client, plants, push, everybodySpeaks, caFile } = await scene();
    const stolen = plants[0]?.files;
    if (!stolen) throw new Error('no plant');
    const begun = await client.rollover.start({ emergency: true });
    expect([states(begun), begun.stage, begun.isEmergency]).toEqual([['retiring', 'current'], 'serve', true]);
    expect(begun.authorities.map(({ isCrossCertified }) => isCrossCertified)).toEqual([false, true]);
    expect(begun.plants.map(({ name, needs }) => `${name}: ${needs}`)).toEqual(
      names.map((name) => `${name}: credential`),
    );
    // What a plant gets from now on does not believe the stolen key.
    expect(pemBlocks(await caFile(), 'CERTIFICATE')).toHaveLength(1);
    expect((await endOf(console, await client.rollover.renewPlants())).state).toBe('succeeded');
    // Sessions go on, and old CA files too: the broker shows the new authority as certified by the old one.
    await push();
    await everybodySpeaks();
    expect(await knock(stolen)).toBe('accepted');

    // The thief may have heard the password as a broker: it is worth nothing once the new one is in force.
    const heard = plants[8];
    if (!heard) throw new Error('no plant');
    const { plantId } = heard.files;
    const heardFiles = heard.files;
    heard.files = (await client.plants.download({ plantId })).body;
    await push();
    await heard.restart();
    await client.plants.activate({ plantId });
    expect(await knock({ ...heardFiles, tls: heard.files.tls })).toBe('refused');

    const [first, ...others] = plants;
    if (!first) throw new Error('no plant');
    first.files = (await client.plants.download({ plantId: first.files.plantId })).body;
    await first.restart();
    await client.plants.activate({ plantId: first.files.plantId });
    const half = await client.rollover.get();
    expect(half.plants.map(({ name }) => name)).toEqual(names.filter((_, index) => index !== 0 && index !== 8));
    const authorityId = half.authorities[0]?.authorityId ?? '';
    await expect(client.rollover.retire({ authorityId })).rejects.toMatchObject({
      code: 'authority/rollover-in-use',
      data: { details: { plantCount: 8 } },
    });
    const cutOff = await client.rollover.retire({ authorityId, insist: true });
    expect(cutOff.plants).toHaveLength(8);
    // Forged sessions end with the restart, and come in no more.
    await Promise.all(others.map((plant) => plant.stop()));
    await first.stop();
    await push();
    await first.start();
    await first.speak();
    const [, second] = plants;
    if (!second) throw new Error('no plant');
    expect(await knock({ ...second.files, tls: first.files.tls })).toBe('refused');
    expect(await client.rollover.get()).toMatchObject({ stage: 'renew', isEmergency: false });
    await first.stop();
  });

  it('gives up all that certified each other when a key is lost in the middle of a change', async () => {
    const { client, plants, push, everybodySpeaks, caFile } = await scene();
    await client.rollover.start();
    await push();
    const lost = await client.rollover.start({ emergency: true });
    expect(lost.authorities).toMatchObject([
      { state: 'retiring', isCompromised: true },
      { state: 'retiring', isCompromised: true },
      { state: 'current', isCompromised: false, subject: '/O=Test/CN=Test Root G3' },
    ]);
    expect(pemBlocks(await caFile(), 'CERTIFICATE')).toHaveLength(1);
    await push();
    await everybodySpeaks();
    for (const { authorityId, state } of lost.authorities) {
      if (state === 'retiring') await client.rollover.retire({ authorityId, insist: true });
    }
    await Promise.all(plants.map((plant) => plant.stop()));
    expect((await push()).filter((answer) => answer === 'a certificate of a retired authority: refused')).toHaveLength(
      2,
    );
    expect(await client.rollover.get()).toMatchObject({ stage: 'renew', plantCount: 10 });
  });

  it('gives the next authority up before it issues anything', async () => {
    const { client, plants, push, everybodySpeaks } = await scene();
    const { authorities } = await client.rollover.start({ subject: '/CN=Other Root' });
    await push();
    const given = await client.rollover.retire({ authorityId: authorities[1]?.authorityId ?? '' });
    expect([states(given), given.stage]).toEqual([['current', 'retired'], 'forget']);
    await push();
    await everybodySpeaks();
    expect(await client.rollover.get()).toMatchObject({ stage: 'none' });
    await expect(client.rollover.start({ subject: '/CN=Other Root' })).rejects.toMatchObject({
      code: 'authority/invalid-subject',
    });
    await expect(client.rollover.issue({ insist: true })).rejects.toMatchObject({
      code: 'authority/rollover-wrong-state',
    });
    await Promise.all(plants.map((plant) => plant.stop()));
  });
});
