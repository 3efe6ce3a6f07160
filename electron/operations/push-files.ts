// What a push would bring: the register's files, with what others have in the broker's files kept in place.

import type { DriftChoice, PushPlan } from '../../shared/model/broker.ts';
import type { BrokerDescription, BrokerFiles, ManagedBroker } from '../../shared/model/broker-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { assemblePush } from '../broker/assemble-push.ts';
import { findDrift } from '../broker/drift.ts';
import { fileNames } from '../broker/file-names.ts';
import { lintBrokerFiles } from '../broker/lint.ts';
import { digestsByName } from '../platform/digest.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { type RenderedBroker, type RenderPurpose, renderBroker } from './broker-files.ts';
import type { OperationContext } from './context.ts';
import { restartForDistrusted } from './distrusted-authority.ts';
import { laterCrls, takeCrlsIn } from './later-crls.ts';
import { ownedEntries, ownedPorts } from './owned-entries.ts';
import { type Doors, doorsOf } from './probe-doors.ts';
import { type PushRecord, packFiles, readPushRecord, unpackFiles } from './push-record.ts';
import { restartForReturned } from './returned-plants.ts';

export type PreparedPush = RenderedBroker['register'] & {
  readonly description: BrokerDescription;
  readonly files: BrokerFiles;
  readonly plan: PushPlan;
};

/**
 * Renders the register and compares it with what the broker holds. Throws `broker/foreign-file-invalid`,
 * `broker/revokes-more` and what the target throws.
 */
export async function preparePush(
  context: OperationContext,
  broker: BrokerRow,
  target: ManagedBroker,
  purpose: RenderPurpose,
  { drift = 'keep' }: { readonly drift?: DriftChoice | undefined } = {},
): Promise<PreparedPush> {
  const description = await target.describe();
  const rendered = await renderBroker(context, broker, description, purpose);
  const found = await target.current();
  await refuseLaterCrl(context, broker, found);
  const connected = await connectedUsers(target);
  const { files, plan } = await assemblePush({
    rendered,
    found,
    lastPushed: await lastPushed(context, broker),
    owned: ownedEntries(context, broker),
    drift,
    line: description.line,
    connected,
    notices: description.notices,
  });
  const returned = restartForReturned(context, broker, found, connected, plan);
  return { description, files, plan: restartForDistrusted(context, broker, connected, returned), ...rendered.register };
}

/**
 * Throws `broker/revokes-more` where an authority of this vault signed a CRL for the broker that this vault does not know:
 * the push would let in again who was revoked.
 */
export async function refuseLaterCrl(
  context: OperationContext,
  broker: BrokerRow,
  found: BrokerFiles | undefined,
): Promise<void> {
  const crl = broker.profile === 'voke' ? crlFileIn(found) : undefined;
  const pushed = readPushRecord(context.vault.brokers, broker.brokerId)?.digests[fileNames.revocationList];
  if (!crl || (await digestsByName([crl]))[crl.name] === pushed) return;
  const later = await laterCrls(context, textOf(crl));
  if (later.length === 0) return;
  throw new ConsoleError('broker/revokes-more', {
    details: {
      crlNumbers: later.map(({ number }) => String(number)),
      serialNumbers: later
        .flatMap(({ missing }) => missing.map(({ serialNumber }) => serialNumber))
        .slice(0, shownSerials),
    },
  });
}

/** Takes in what the broker's CRL revokes and the vault does not; answers how many. Throws what the target throws. */
export async function takeBrokersRevocationsIn(context: OperationContext, target: ManagedBroker): Promise<number> {
  const crl = crlFileIn(await target.current());
  return crl ? await takeCrlsIn(context, [textOf(crl)]) : 0;
}

const shownSerials = 100;
const crlFileIn = (files: BrokerFiles | undefined) => files?.find(({ name }) => name === fileNames.revocationList);
const textOf = ({ content }: BrokerFiles[number]): string => Buffer.from(content).toString('latin1');

/** Throws `broker/invalid-files` for what the broker would refuse, or read otherwise than meant. */
export const lintPush = (
  context: OperationContext,
  broker: BrokerRow,
  { files, description }: Pick<PreparedPush, 'files' | 'description'>,
): Promise<void> =>
  lintBrokerFiles(files, {
    ...description,
    now: context.clock.now(),
    profile: broker.profile,
    managedPorts: ownedPorts(context, broker),
  });

/** Files that somebody else changed on the broker since the last push; undefined before the first. */
export async function driftedFiles(
  context: OperationContext,
  broker: BrokerRow,
  target: ManagedBroker,
): Promise<string[] | undefined> {
  const record = readPushRecord(context.vault.brokers, broker.brokerId);
  if (!record) return undefined;
  const drift = await findDrift({ digests: record.digests }, (await target.current()) ?? []);
  return drift.map(({ file }) => file);
}

/** What the vault remembers of a push that was decided for. */
export async function recordOf(
  context: OperationContext,
  broker: BrokerRow,
  pushId: string,
  files: BrokerFiles,
): Promise<PushRecord> {
  const owned = ownedEntries(context, broker);
  const doors = doorsOf(files);
  const trusted = context.vault.tokenKeys.list().filter((key) => doors.trusts(key));
  return {
    pushId,
    ...(await packFiles(files)),
    usernames: [...owned.usernames],
    ports: [...owned.ports],
    tokenKeyIds: doors.hasTokenListener ? trusted.map(({ keyId }) => keyId) : null,
    ...authoritiesOf(context, broker, doors),
  };
}

function authoritiesOf(
  { vault }: OperationContext,
  { profile, certificateSerialNumber }: BrokerRow,
  doors: Doors,
): Pick<PushRecord, 'authorityIds' | 'serverAuthorityId'> {
  if (profile !== 'voke') return { authorityIds: null, serverAuthorityId: null };
  const server = certificateSerialNumber === null ? undefined : vault.certificates.get(certificateSerialNumber);
  const admitted = vault.authorities.list().filter((authority) => doors.admits(authority));
  return {
    authorityIds: admitted.map(({ authorityId }) => authorityId),
    serverAuthorityId: server?.authorityId ?? null,
  };
}

async function lastPushed(context: OperationContext, { brokerId }: BrokerRow) {
  const record = readPushRecord(context.vault.brokers, brokerId);
  return record && unpackFiles(record);
}

/** Undefined where the broker cannot tell. */
export async function connectedUsers(target: ManagedBroker): Promise<ReadonlySet<string> | undefined> {
  // A plan is none the worse without it.
  const sessions = await target.sessions?.().catch(() => undefined);
  return sessions && new Set(sessions.map(({ username }) => username));
}
