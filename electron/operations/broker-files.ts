// What a broker must know, gathered from the vault. Who may come in is decided here and nowhere else.

import { createHash, X509Certificate } from 'node:crypto';
import { isIpAddress } from '../../shared/model/broker.ts';
import type { BrokerDescription } from '../../shared/model/broker-files.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { renderPlantopsProfile } from '../broker/profiles/plantops.ts';
import { type PasswordUser, type RenderedProfile, renderVokeProfile, type VokeProfileInput } from '../broker/render.ts';
import { jwkSet, publicKeyFiles } from '../credentials/tokens.ts';
import { joinPems } from '../platform/pem-blocks.ts';
import type { BrokerRow, ProbeAccountRow } from '../vault/rows/brokers.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import { trustedAuthorities } from './authority.ts';
import { issueFromAuthority } from './certificates.ts';
import { prepareConsoleAccount } from './console-account.ts';
import { consoleUsername, endsSoon } from './console-identity.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { type CrlInForce, joinCrls, withCrls } from './crl-bodies.ts';
import { closeRevocations, withLeavingCrls } from './open-revocations.ts';
import { ensureRevokedCertificates, prepareProbeAccount, probeUsername } from './probe-identities.ts';
import { trustedTokenKeys } from './token-keys.ts';

type Runtime = Pick<BrokerDescription, 'line' | 'configDirectory' | 'jwtPlugin' | 'account' | 'pidFile'>;
type RowOf<Profile extends BrokerRow['profile']> = Extract<BrokerRow, { readonly profile: Profile }>;

export type RenderedBroker = RenderedProfile & {
  /** The register as it was rendered: what changed later is for the next push. */
  readonly register: {
    readonly digest: string;
    /** Null for a broker without a CRL. */
    readonly crlNextUpdate: string | null;
  };
};

/** What files are rendered for. Of what leaves the console, no revocation can be taken back from the same turn on. */
export type RenderPurpose = 'to look' | 'to leave';

/** The broker's files for what the register says now. Throws `authority/absent` for a broker that has certificates. */
export async function renderBroker(
  context: OperationContext,
  broker: BrokerRow,
  runtime: Runtime,
  purpose: RenderPurpose,
): Promise<RenderedBroker> {
  switch (broker.profile) {
    case 'voke':
      return renderVoke(context, broker, runtime, purpose);
    case 'plantops':
      return renderPlantops(context, broker, runtime, purpose);
  }
}

async function renderVoke(
  context: OperationContext,
  broker: RowOf<'voke'>,
  runtime: Runtime,
  purpose: RenderPurpose,
): Promise<RenderedBroker> {
  await ensureRevokedCertificates(context);
  const server = await serverCertificate(context, broker);
  const probe = await prepareProbeAccount(context, broker.brokerId);
  // Everything else is read once the CRLs are, in one turn: a new one may have been signed meanwhile.
  const readRegister = (crls: readonly CrlInForce[]) => {
    const [signing, ...others] = trustedTokenKeys(context);
    const users = passwordUsers(context);
    const input: VokeProfileInput = {
      ...runtime,
      bindAddress: broker.target.kind === 'practice' ? '127.0.0.1' : undefined,
      ports: broker.ports,
      authorityPem: joinPems(crls.map(({ authority }) => authority.certificatePem)),
      crlPem: joinCrls(crls),
      serverCertificatePem: joinPems([server.certificatePem, ...crossCertificates(context)]),
      serverKeyPem: server.privateKeyPem,
      passwordUsers: [...users, probeUser(probe)],
      revokedPlantIds: mutedPlantIds(context),
      consoleUsername,
      tokenPublicKeyDer: publicKeyFiles(signing.publicKeyPem).publicPkcs1Der,
      tokenKeySet: jwkSet([signing, ...others]),
    };
    return { input, register: registerNow(context, broker, users) };
  };
  const withThem = purpose === 'to leave' ? withLeavingCrls : withCrls;
  const { input, register } = await withThem(context, () => trustedAuthorities(context), readRegister);
  return { ...(await renderVokeProfile(input)), register };
}

/** Passwords only: whoever has a certificate or a token is left out, and the operator is told. */
async function renderPlantops(
  context: OperationContext,
  broker: RowOf<'plantops'>,
  runtime: Runtime,
  purpose: RenderPurpose,
): Promise<RenderedBroker> {
  const probe = await prepareProbeAccount(context, broker.brokerId);
  const { passwordHash } = await prepareConsoleAccount(context, broker.brokerId);
  if (purpose === 'to leave') closeRevocations(context);
  const { files, notices } = renderPlantopsProfile({
    ...runtime,
    ports: broker.ports,
    passwordUsers: [
      ...passwordUsers(context),
      { username: probeUsername, hash: probe.passwordHash },
      { username: consoleUsername, hash: passwordHash },
    ],
  });
  return { files, notices: [...notices, ...leftOutNotices(context)], register: registerNow(context, broker) };
}

function leftOutNotices({ vault }: OperationContext): string[] {
  const others = vault.plants
    .list()
    .items.filter(({ authMethod, status }) => authMethod !== 'PASSWORD' && status !== 'REVOKED');
  if (others.length === 0) return [];
  const who =
    others.length === 1
      ? '1 plant with a certificate or token is'
      : `${others.length} plants with certificates or tokens are`;
  return [`This broker knows passwords only, so ${who} left out and cannot connect to it.`];
}

function registerNow(
  context: OperationContext,
  before: BrokerRow,
  users = passwordUsers(context),
): RenderedBroker['register'] {
  // Rendering may have issued the broker's certificate.
  const broker = context.vault.brokers.get(before.brokerId) ?? before;
  return {
    digest: digestOf(whatIsRead(context, broker, users)),
    crlNextUpdate: broker.profile === 'voke' ? firstToEnd(context) : null,
  };
}

/** A list that has ended locks out the plants of its authority, whatever the others say. */
const firstToEnd = (context: OperationContext): string =>
  trustedAuthorities(context)
    .map(({ crlNextUpdate }) => crlNextUpdate)
    .reduce((first, end) => (end < first ? end : first));

/** A fingerprint of everything that `renderBroker` reads, without rendering; it changes when a push has something to bring. */
export const registerDigest = (context: OperationContext, broker: BrokerRow): string =>
  digestOf(whatIsRead(context, broker, passwordUsers(context)));

const digestOf = (read: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(read)).digest('hex');

function whatIsRead(context: OperationContext, broker: BrokerRow, users: readonly PasswordUser[]): readonly unknown[] {
  switch (broker.profile) {
    case 'voke': {
      return [
        ...trustedAuthorities(context).map(({ fingerprint, crlNumber }) => [fingerprint, String(crlNumber)]),
        broker.ports,
        broker.host,
        broker.subjectAltNames,
        broker.certificateSerialNumber,
        trustedTokenKeys(context).map(({ keyId }) => keyId),
        users,
        mutedPlantIds(context),
      ];
    }
    case 'plantops':
      return [broker.ports, users];
  }
}

/**
 * A CRL does not reach live sessions, nor tokens: the ACL denies these plants everything. A certificate plant that was
 * provisioned again speaks again, since the CRL refuses its old certificate; a token plant must wait for its old tokens
 * to end.
 */
function mutedPlantIds(context: OperationContext): PlantId[] {
  const isBack = (plantId: PlantId) => {
    const plant = context.vault.plants.get(plantId);
    return plant?.authMethod === 'MTLS' && plant.status !== 'REVOKED';
  };
  return context.vault.withdrawals
    .listAt(timestamp(context))
    .map(({ plantId }) => plantId)
    .filter((plantId) => !isBack(plantId));
}

const probeUser = ({ plantId, passwordHash }: ProbeAccountRow) => ({
  username: probeUsername,
  hash: passwordHash,
  plantId,
});

/**
 * One password a username: Mosquitto keeps no second. While a rotated password has not reached its device,
 * the old one stays in force; from the hand-over on it is the new one.
 */
function passwordUsers(context: OperationContext) {
  const byPlant = new Map<PlantId, CredentialRow>();
  for (const state of ['issued', 'active', 'deployed'] as const) {
    for (const credential of context.vault.credentials.listInStates([state])) {
      if (credential.authMethod === 'PASSWORD') byPlant.set(credential.plantId, credential);
    }
  }
  return [...byPlant.values()]
    .flatMap(({ plantId, passwordHash: hash }) => {
      const plant = context.vault.plants.get(plantId);
      return plant && hash ? [{ username: plant.username, hash, plantId }] : [];
    })
    .sort((a, b) => (a.username < b.username ? -1 : 1));
}

/**
 * Shown along with the broker's certificate while one authority follows another: a plant that trusts only one of the two
 * believes a certificate by either.
 */
export function crossCertificates(context: OperationContext): string[] {
  const [{ crossCertificatePem, crossIssuerId }, ...others] = trustedAuthorities(context);
  const isTrusted = others.some(({ authorityId }) => authorityId === crossIssuerId);
  return crossCertificatePem !== null && isTrusted ? [crossCertificatePem] : [];
}

/** The broker's own certificate, issued anew when its names or the authority changed, it was revoked or it ends soon. */
async function serverCertificate(context: OperationContext, broker: BrokerRow) {
  const { vault } = context;
  const current = broker.certificateSerialNumber ? vault.certificates.get(broker.certificateSerialNumber) : undefined;
  const currentKey = current && vault.certificates.privateKeyPem(current.serialNumber);
  const names = [broker.host, ...broker.subjectAltNames];
  const isOurs = current?.state === 'active' && current.authorityId === trustedAuthorities(context)[0].authorityId;
  if (current && currentKey && isOurs && !endsSoon(context, current) && servesNames(current.certificatePem, names))
    return { certificatePem: current.certificatePem, privateKeyPem: currentKey };

  const { row, privateKeyPem } = await issueFromAuthority(
    context,
    {
      profile: { kind: 'broker', commonName: broker.host, subjectAltNames: broker.subjectAltNames },
      keyAlgorithm: 'RSA-2048',
    },
    { brokerId: broker.brokerId },
  );
  vault.transaction(() => {
    vault.certificates.insert({ ...row, state: 'active' }, privateKeyPem);
    if (current && current.state !== 'revoked') vault.certificates.setState(current.serialNumber, 'superseded');
    vault.brokers.update(broker.brokerId, { certificateSerialNumber: row.serialNumber });
    audit(context, 'broker.certificate', broker.brokerId, { serialNumber: row.serialNumber, names });
  });
  context.changed('brokers');
  return { certificatePem: row.certificatePem, privateKeyPem };
}

/** Whether a client that looks for any of these names finds it in the certificate. */
export const servesNames = (certificatePem: string, names: readonly string[]): boolean => {
  const certificate = new X509Certificate(certificatePem);
  return names.every((name) => (isIpAddress(name) ? certificate.checkIP(name) : certificate.checkHost(name)));
};
