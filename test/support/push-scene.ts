// A commissioned broker for tests of what goes wrong: plants that may connect, one that is about to be revoked, and a
// way to push below the contract, where a test can step in between the steps.

import { join } from 'node:path';
import type { ProbeAnswer, ProbeClient } from '../../electron/broker/probe.ts';
import { probeConnect } from '../../electron/broker/probe.ts';
import { ProcessTarget } from '../../electron/broker/targets/process.ts';
import { vaultFileName } from '../../electron/core/console.ts';
import { handshakesPerHost, type OperationContext } from '../../electron/operations/context.ts';
import { systemClock } from '../../electron/platform/clock.ts';
import { freePorts } from '../../electron/platform/free-port.ts';
import { KeyedTurns } from '../../electron/platform/keyed-turns.ts';
import { Mutex } from '../../electron/platform/mutex.ts';
import type { OpenVault } from '../../electron/vault/rows.ts';
import { VaultFile } from '../../electron/vault/vault.ts';
import type { BrokerTarget } from '../../shared/model/broker.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { passphrase, type TestConsole } from './console.ts';

const weakKdfForTestsOnly = { memoryKib: 1024, passes: 1, parallelism: 1 };

/** A client with what this package holds, of a broker that runs on this machine under this name. */
export function clientOf({ connection, auth, tls }: ProvisioningPackage, serverName = 'localhost'): ProbeClient {
  const listener = {
    host: '127.0.0.1',
    port: connection.port,
    ...(connection.useTls ? { authorityPem: tls.caCertPem, serverName } : { protocol: 'mqtt' as const }),
  };
  const { clientId } = connection;
  const identity =
    'deviceCertPem' in auth
      ? { clientId, certificatePem: auth.deviceCertPem, keyPem: 'deviceKeyPem' in auth ? auth.deviceKeyPem : '' }
      : { clientId, username: auth.username, password: 'password' in auth ? auth.password : auth.token };
  return { listener, identity };
}

/** Whether the broker lets in who holds this package. */
export async function knock(plant: ProvisioningPackage, serverName?: string): Promise<ProbeAnswer['outcome']> {
  const { listener, identity } = clientOf(plant, serverName);
  return (await probeConnect(listener, identity)).outcome;
}

/** Who must get in, who must not, and who is revoked in the register though no broker knows it yet. */
export type Scene = {
  readonly brokerId: string;
  readonly kept: readonly ProvisioningPackage[];
  readonly revoked: ProvisioningPackage;
  /** The same, by password: revoking it changes the password file. */
  readonly revokedByPassword: ProvisioningPackage;
  readonly stranger: ProvisioningPackage;
};

/** Registers a broker on this machine; answers its id. */
export async function addLocalBroker(
  { client }: TestConsole,
  target: BrokerTarget = { kind: 'process' },
): Promise<string> {
  const [mtls = 0, password = 0, token = 0] = await freePorts(3);
  const { brokerId } = await client.brokers.create({
    name: 'Broker in trouble',
    target,
    host: 'localhost',
    subjectAltNames: ['127.0.0.1'],
    ports: { mtls, password, token },
  });
  return brokerId;
}

/** Registers a broker and its plants; `console` is commissioned. Nothing is pushed yet. */
export async function makeScene(
  console: TestConsole,
  addBroker: (console: TestConsole) => Promise<string> = addLocalBroker,
): Promise<Scene> {
  const { client } = console;
  const brokerId = await addBroker(console);
  const provision = async (name: string, authMethod: 'MTLS' | 'PASSWORD') => {
    const { plantId } = await client.plants.create({ name, authMethod });
    return client.plants.provision({ plantId, brokerId, keyAlgorithm: 'EC-P256' });
  };
  const kept = [await provision('Certificate', 'MTLS'), await provision('Password', 'PASSWORD')];
  const revoked = await provision('To be revoked', 'MTLS');
  const revokedByPassword = await provision('To be revoked, too', 'PASSWORD');
  const password1 = kept[1];
  if (!password1 || !('password' in password1.auth)) throw new Error('no password');
  const auth = { ...password1.auth, password: 'x'.repeat(32) };
  const stranger: ProvisioningPackage = { ...password1, authMethod: 'PASSWORD', auth };
  return { brokerId, kept, revoked, revokedByPassword, stranger };
}

/** What must hold at any time: nobody comes in who never could, and everybody who could still can. */
export const whoGetsIn = async ({ kept, stranger }: Scene): Promise<string> =>
  [await Promise.all(kept.map((plant) => knock(plant))), await knock(stranger)].join(' / ');
export const onlyTheRightOnes = 'accepted,accepted / refused';

/** The vault of a console's folder, opened without a console. */
export async function openVaultOf(dataDirectory: string): Promise<{ file: VaultFile; vault: OpenVault }> {
  const file = new VaultFile({ path: join(dataDirectory, vaultFileName), clock: systemClock, weakKdfForTestsOnly });
  return { file, vault: await file.unlock(passphrase) };
}

export function contextOver(vault: OpenVault, actor = 'tester'): OperationContext {
  const lifecycle = new Mutex();
  return {
    vault,
    clock: systemClock,
    actor,
    changed: () => {},
    exclusively: (work) => lifecycle.run(work),
    handshakes: new KeyedTurns(handshakesPerHost),
  };
}

/** Where the console keeps the files of a local broker. */
export const brokerDirectory = (dataDirectory: string, brokerId: string): string =>
  join(dataDirectory, 'brokers', brokerId);

export const processTarget = (dataDirectory: string, brokerId: string): ProcessTarget =>
  new ProcessTarget({ directory: brokerDirectory(dataDirectory, brokerId) });
