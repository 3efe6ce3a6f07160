// Ten thousand plants as the register would hand them to the renderer: as many with passwords as there are, and a
// tenth of them revoked, by the console's own authority.

import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { buildCrl } from '../../../electron/authority/crl.ts';
import { issueCertificate } from '../../../electron/authority/leaf.ts';
import { createAuthority } from '../../../electron/authority/root.ts';
import { assemblePush } from '../../../electron/broker/assemble-push.ts';
import type { OwnedEntries } from '../../../electron/broker/foreign/owned-entries.ts';
import { lintBrokerFiles } from '../../../electron/broker/lint.ts';
import { renderVokeProfile, type VokeProfileInput } from '../../../electron/broker/render.ts';
import { digestsByName } from '../../../electron/platform/digest.ts';
import { localPorts } from '../../../shared/model/broker.ts';
import type { BrokerFiles } from '../../../shared/model/broker-files.ts';

export const fleetSize = 10_000;
const configDirectory = '/etc/mosquitto/voke';

/** Of the form that the console writes; no password belongs to it. */
const someHash = () => `$7$1000$${randomBytes(12).toString('base64')}$${randomBytes(64).toString('base64')}`;

const user = () => {
  const plantId = randomUUID();
  return { username: `plc-${plantId.slice(0, 8)}`, plantId, hash: someHash() };
};

/** Ten thousand users with different names. */
function users(): VokeProfileInput['passwordUsers'] {
  const byName = new Map<string, ReturnType<typeof user>>();
  while (byName.size < fleetSize) {
    const one = user();
    byName.set(one.username, one);
  }
  return [...byName.values()];
}

export async function createFleet(): Promise<VokeProfileInput> {
  const now = new Date();
  const authority = await createAuthority({ now, keyAlgorithm: 'EC-P256' });
  const revokedPlantIds = Array.from({ length: fleetSize / 10 }, () => randomUUID());
  const entries = revokedPlantIds.map(() => ({
    serialNumber: randomBytes(16).toString('hex'),
    revokedAt: now,
    reason: 'keyCompromise' as const,
  }));
  const server = await issueCertificate({
    authority,
    profile: { kind: 'broker', commonName: 'localhost', subjectAltNames: [] },
    keyAlgorithm: 'EC-P256',
    now,
  });
  return {
    line: '2.0',
    configDirectory,
    ports: localPorts,
    jwtPlugin: '/usr/lib/mosquitto_jwt_auth.so',
    account: null,
    authorityPem: authority.certificatePem,
    crlPem: (await buildCrl({ authority, entries, number: 2n, now })).crlPem,
    serverCertificatePem: server.certificatePem,
    serverKeyPem: server.privateKeyPem,
    passwordUsers: users(),
    revokedPlantIds,
    consoleUsername: 'voke-console',
    tokenPublicKeyDer: generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
      type: 'pkcs1',
      format: 'der',
    }),
  };
}

/** The same fleet with another password for one plant in the middle. */
export const withOneChange = (fleet: VokeProfileInput): VokeProfileInput => ({
  ...fleet,
  passwordUsers: fleet.passwordUsers.map((one, index) =>
    index === fleetSize / 2 ? { ...one, hash: someHash() } : one,
  ),
});

const owners = new WeakMap<VokeProfileInput['passwordUsers'], OwnedEntries>();

/** Everybody of the fleet. */
function ownedBy({ passwordUsers, consoleUsername, revokedPlantIds }: VokeProfileInput): OwnedEntries {
  const known = owners.get(passwordUsers);
  if (known !== undefined) return known;
  const usernames = [consoleUsername, ...revokedPlantIds, ...passwordUsers.map(({ username }) => username)];
  const owned = { usernames: new Set(usernames), ports: new Set(Object.values(localPorts)) };
  owners.set(passwordUsers, owned);
  return owned;
}

/** Everything of a push that needs no broker: `found` is what the last one left there. */
export async function prepareFleet(
  fleet: VokeProfileInput,
  found: BrokerFiles,
  digests?: Readonly<Record<string, string>>,
): Promise<BrokerFiles> {
  const { files } = await assemblePush({
    rendered: await renderVokeProfile(fleet),
    found,
    lastPushed: { digests: digests ?? (await digestsByName(found)) },
    owned: ownedBy(fleet),
    drift: 'keep',
    line: fleet.line,
  });
  await lintBrokerFiles(files, { line: fleet.line, configDirectory, now: new Date() });
  return files;
}

/** What the broker holds: the fleet's files, with an entry of somebody else in each that may have one. */
export async function foundFiles(fleet: VokeProfileInput): Promise<BrokerFiles> {
  const { files } = await renderVokeProfile(fleet);
  const added: Readonly<Record<string, string>> = {
    'passwd-devices': `scada:${someHash()}\n`,
    'acl-devices': '\nuser scada\ntopic read cpi/#\n',
    acl: '\nuser nodered\ntopic read cpi/#\n',
  };
  return files.map((file) => ({
    ...file,
    content: Buffer.concat([file.content, Buffer.from(added[file.name] ?? '')]),
  }));
}
