// What a handover record says, gathered from the register: nothing in it is a secret, or could be guessed by its hash.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConsoleError } from '../../shared/model/errors.ts';
import type {
  HandoverAuthority,
  HandoverBroker,
  HandoverChoice,
  HandoverCredential,
  HandoverPlant,
} from '../../shared/model/handover.ts';
import type { AuthMethod, PlantId } from '../../shared/model/plant.ts';
import type { Recording } from '../../shared/model/recording.ts';
import { isSecretFile } from '../broker/file-names.ts';
import type { AuthorityRow } from '../vault/rows/authorities.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import { trustedAuthorities } from './authority.ts';
import { registerDigest } from './broker-files.ts';
import { takesMethod } from './brokers.ts';
import type { OperationContext } from './context.ts';
import { deploymentStateOf } from './deployment-state.ts';
import { type CredentialHistory, noHistory, trailHistory } from './handover-history.ts';
import { liveStates, requirePlant } from './plants.ts';
import { readPushRecord } from './push-record.ts';
import { requireEnded } from './recordings.ts';

/** Those whose rows are read between two turns of the event loop: some ten milliseconds. */
const plantsAtOnce = 50;

export type HandoverFacts = {
  readonly authorities: HandoverAuthority[];
  readonly brokers: HandoverBroker[];
  readonly plants: HandoverPlant[];
  readonly recordings: Recording[];
};

/**
 * `restoredAt`: when the vault last came from a backup; null: never.
 * Throws `authority/absent`, `handover/no-plants`, `plant/not-found`, and like `requireRecordings`.
 */
export async function gatherFacts(
  context: OperationContext,
  choice: HandoverChoice,
  recordingIds: readonly string[],
): Promise<{ readonly facts: HandoverFacts; readonly restoredAt: string | null }> {
  const authorities = trustedAuthorities(context).map(authorityFacts);
  const recordings = requireRecordings(context, recordingIds);
  const { credentials, restoredAt } = await trailHistory(context.vault);
  const plants: HandoverPlant[] = [];
  const brokerIds = new Set(recordings.flatMap(({ brokerId }) => brokerId ?? []));
  for await (const rows of plantPages(context, choice)) {
    for (const { plant, broker } of plantsOf(context, rows, credentials)) {
      plants.push(plant);
      if (broker !== undefined) brokerIds.add(broker.brokerId);
    }
  }
  if (plants.length === 0) throw new ConsoleError('handover/no-plants');
  const brokers = context.vault.brokers
    .list()
    .filter(({ brokerId }) => choice.kind === 'all' || brokerIds.has(brokerId))
    .map((broker) => brokerFacts(context, broker));
  return { facts: { authorities, brokers, plants: plants.toSorted(bySiteAndName), recordings }, restoredAt };
}

const authorityFacts = (row: AuthorityRow): HandoverAuthority => ({
  state: row.state,
  subject: row.subject,
  serialNumber: row.serialNumber,
  fingerprint: row.fingerprint,
  keyAlgorithm: row.keyAlgorithm,
  notBefore: row.notBefore,
  notAfter: row.notAfter,
  crlNumber: String(row.crlNumber),
  crlThisUpdate: row.crlThisUpdate,
  crlNextUpdate: row.crlNextUpdate,
});

/** Each once. Throws `recording/not-found`, `recording/running`, and `recording/file-missing` without a fingerprint. */
export const requireRecordings = (context: OperationContext, recordingIds: readonly string[]): Recording[] =>
  [...new Set(recordingIds)].map((recordingId) => {
    const recording = requireEnded(context, recordingId);
    if (recording.sha256 === null) throw new ConsoleError('recording/file-missing', { details: { recordingId } });
    return recording;
  });

/** In the order of their ids: one that is renamed or deleted meanwhile moves no other out of its page. */
async function* plantPages(context: OperationContext, choice: HandoverChoice): AsyncGenerator<PlantRow[]> {
  if (choice.kind === 'plants') {
    const plantIds = [...new Set(choice.plantIds)];
    for (let first = 0; first < plantIds.length; first += plantsAtOnce) {
      yield plantIds.slice(first, first + plantsAtOnce).map((plantId) => requirePlant(context, plantId));
      await nextTurn();
    }
    return;
  }
  const { plants } = context.vault;
  for (let last: PlantId | '' = '', isFull = true; isFull; ) {
    const ids: PlantId[] = plants.ids(last, plantsAtOnce);
    const rows = ids.flatMap((plantId) => plants.get(plantId) ?? []);
    yield choice.kind === 'all' ? rows : rows.filter(({ site }) => site === choice.site);
    last = ids.at(-1) ?? '';
    isFull = ids.length === plantsAtOnce;
    await nextTurn();
  }
}

type PlantAndBroker = { readonly plant: HandoverPlant; readonly broker: BrokerRow | undefined };

function plantsOf(
  context: OperationContext,
  rows: readonly PlantRow[],
  histories: ReadonlyMap<string, CredentialHistory>,
): PlantAndBroker[] {
  const { vault } = context;
  const plantIds = rows.map(({ plantId }) => plantId);
  const live = Map.groupBy(
    vault.credentials.listForPlants(plantIds).filter(({ state }) => liveStates.includes(state)),
    ({ plantId }) => plantId,
  );
  const states = new Map(vault.deviceStates.listForPlants(plantIds).map((state) => [state.plantId, state]));
  const brokers = vault.brokers.list();
  return rows.map((row) => {
    const own = live.get(row.plantId) ?? [];
    const credential = own.find(({ state }) => state === 'active') ?? own[0];
    const known = states.get(row.plantId);
    const device = vault.devices.get(row.plantId);
    const plant: HandoverPlant = {
      plantId: row.plantId,
      name: row.name,
      site: row.site,
      authMethod: row.authMethod,
      username: row.username,
      status: row.status,
      revokedAt: row.revokedAt,
      lastSeenAt: row.lastSeenAt,
      credential: credential ? credentialFacts(context, credential, histories) : null,
      deployment: deploymentStateOf(own, known),
      deviceSeenAt: known?.seenAt ?? null,
      device: device
        ? {
            host: device.host,
            port: device.port,
            directory: device.directory,
            hostKeyFingerprint: device.hostKeyFingerprint,
          }
        : null,
    };
    const chosen = brokers.find(({ brokerId }) => brokerId === credential?.brokerId);
    return { plant, broker: chosen ?? brokers.find((broker) => takesMethod(broker, row.authMethod)) };
  });
}

const kinds = { MTLS: 'certificate', PASSWORD: 'password', TOKEN: 'token' } as const satisfies Record<
  AuthMethod,
  HandoverCredential['kind']
>;

function credentialFacts(
  { vault }: OperationContext,
  row: CredentialRow,
  histories: ReadonlyMap<string, CredentialHistory>,
): HandoverCredential {
  const certificate = row.certificateSerialNumber ? vault.certificates.get(row.certificateSerialNumber) : undefined;
  return {
    kind: kinds[row.authMethod],
    state: row.state,
    issuedAt: row.createdAt,
    validUntil: row.expiresAt,
    serialNumber: certificate?.serialNumber ?? null,
    fingerprint: certificate?.fingerprint ?? null,
    keyMadeElsewhere: row.keyIsElsewhere,
    isWaiting: row.secretsAvailable,
    ...(histories.get(row.credentialId) ?? noHistory),
  };
}

function brokerFacts(context: OperationContext, row: BrokerRow): HandoverBroker {
  const { vault } = context;
  const certificate = row.certificateSerialNumber ? vault.certificates.get(row.certificateSerialNumber) : undefined;
  const digests = readPushRecord(vault.brokers, row.brokerId)?.digests ?? {};
  return {
    brokerId: row.brokerId,
    name: row.name,
    profile: row.profile,
    target: row.target.kind,
    host: row.host,
    ports: row.ports,
    certificate: certificate
      ? { serialNumber: certificate.serialNumber, fingerprint: certificate.fingerprint, notAfter: certificate.notAfter }
      : null,
    lastPushedAt: row.lastPushedAt,
    pushPending: row.lastPushDigest !== null && row.lastPushDigest !== registerDigest(context, row),
    crlNextUpdate: row.crlNextUpdate,
    files: Object.fromEntries(Object.entries(digests).filter(([file]) => !isSecretFile(file))),
  };
}

function bySiteAndName(a: HandoverPlant, b: HandoverPlant): number {
  const order = (x: string, y: string) => (x < y ? -1 : Number(x > y));
  return order(a.site ?? '', b.site ?? '') || order(a.name, b.name) || order(a.plantId, b.plantId);
}
