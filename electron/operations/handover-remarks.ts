// What whoever takes over should know before they sign: a record that only counts what went well would not be believed.

import type {
  HandoverAuthority,
  HandoverBroker,
  HandoverPlant,
  HandoverRecord,
  HandoverRemark,
} from '../../shared/model/handover.ts';
import { hasNoEnd } from '../../shared/model/leaf-validity.ts';
import type { Recording, RecordingEnding } from '../../shared/model/recording.ts';

/** Time enough for whoever takes over to plan a visit. */
const soonDays = 90;
const dayMs = 86_400_000;

type Judged = Pick<HandoverRecord, 'authorities' | 'brokers' | 'plants' | 'recordings'>;
type Words = Pick<HandoverRemark, 'kind' | 'text'>;

type Trail = {
  /** The first line that does not fit the one before; undefined: it is whole. */
  readonly brokenAt: number | undefined;
  /** When the vault last came from a backup; null: never. */
  readonly restoredAt: string | null;
};

export const handoverRemarks = (facts: Judged, at: Date, trail: Trail): HandoverRemark[] => [
  ...trailRemarks(trail).map((words) => ({ ...words, id: null, name: 'Audit trail' })),
  ...authorityRemarks(facts.authorities, at),
  ...facts.brokers.flatMap((broker) =>
    brokerRemarks(broker, at).map((words) => ({ ...words, id: broker.brokerId, name: broker.name })),
  ),
  ...facts.plants.flatMap((plant) =>
    plantRemarks(plant, at).map((words) => ({ ...words, id: plant.plantId, name: plant.name })),
  ),
  ...facts.recordings.flatMap((recording) =>
    recordingRemarks(recording).map((words) => ({
      ...words,
      id: recording.recordingId,
      name: recording.note || recording.brokerName,
    })),
  ),
];

const day = (time: string): string => time.slice(0, 10);

/** Says it of what has ended or ends soon. */
function ending(end: string | null, at: Date, words: (when: string) => string): string[] {
  if (end === null || hasNoEnd(end)) return [];
  const left = Date.parse(end) - at.getTime();
  if (left > soonDays * dayMs) return [];
  return [words(left <= 0 ? `ended on ${day(end)}` : `ends on ${day(end)}`)];
}

function trailRemarks({ brokenAt, restoredAt }: Trail): Words[] {
  const remarks: Words[] = [];
  if (brokenAt !== undefined) {
    remarks.push({
      kind: 'auditBroken',
      text: `The chain is broken from line ${brokenAt} on: the vault was changed by something other than the console.`,
    });
  }
  if (restoredAt !== null) {
    remarks.push({
      kind: 'vaultRestored',
      text: `The vault came from a backup on ${day(restoredAt)}: what was done after that backup and before is not in it, and a record that was made then may have the number of this one or of a later one.`,
    });
  }
  return remarks;
}

function authorityRemarks(authorities: readonly HandoverAuthority[], at: Date): HandoverRemark[] {
  const others = authorities.filter(({ state }) => state !== 'current');
  return [
    ...authorities
      .filter(({ state }) => state === 'current')
      .flatMap(({ subject, notAfter }) =>
        ending(notAfter, at, (when) => `It ${when}, and every certificate with it.`).map((text) => ({
          kind: 'authorityEndsSoon' as const,
          id: null,
          name: subject,
          text,
        })),
      ),
    ...others.map(({ subject, state }) => ({
      kind: 'authorityChanging' as const,
      id: null,
      name: subject,
      text:
        state === 'next'
          ? 'It is being made known as the next authority, and issues nothing yet: the change is not finished.'
          : 'It issues nothing any more and is still trusted: the change to the next authority is not finished.',
    })),
  ];
}

function brokerRemarks(broker: HandoverBroker, at: Date): Words[] {
  const { target, lastPushedAt, pushPending, crlNextUpdate, certificate } = broker;
  const remarks: Words[] = [];
  if (target === 'practice') {
    remarks.push({ kind: 'practiceBroker', text: "It is the console's own practice broker, and no broker of a site." });
  }
  if (lastPushedAt === null) remarks.push({ kind: 'brokerNotPushed', text: 'The console has never pushed to it.' });
  if (pushPending) {
    remarks.push({
      kind: 'brokerPushPending',
      text: 'The register changed after the last push: the broker does not know of it yet.',
    });
  }
  for (const text of ending(crlNextUpdate, at, (when) => `Its revocation list ${when}; then it refuses every plant.`)) {
    remarks.push({ kind: 'crlEndsSoon', text });
  }
  for (const text of ending(certificate?.notAfter ?? null, at, (when) => `Its certificate ${when}.`)) {
    remarks.push({ kind: 'credentialEndsSoon', text });
  }
  return remarks;
}

function plantRemarks(plant: HandoverPlant, at: Date): Words[] {
  const { status, credential, revokedAt, lastSeenAt } = plant;
  const remarks: Words[] = [];
  switch (status) {
    case 'ACTIVE':
      if (credential?.firstSessionAt === null) {
        const since = credential.confirmedAt === null ? '' : ` since ${day(credential.confirmedAt)}`;
        remarks.push({
          kind: 'credentialNotProven',
          text: `In force${since} without a session having been verified with this credential.`,
        });
      }
      break;
    case 'PENDING':
      remarks.push({ kind: 'plantNotActive', text: `PENDING: ${pendingWords(plant)}` });
      break;
    case 'REVOKED':
      remarks.push({
        kind: 'plantNotActive',
        text: `REVOKED${revokedAt === null ? '' : ` on ${day(revokedAt)}`}: brokers refuse it.`,
      });
      if (revokedAt !== null && lastSeenAt !== null && lastSeenAt > revokedAt) {
        remarks.push({
          kind: 'plantHeardAfterRevocation',
          text: `It was heard on ${day(lastSeenAt)}, after its revocation: a broker does not refuse it yet.`,
        });
      }
  }
  const differs = deviceWords(plant);
  if (differs !== undefined) remarks.push({ kind: 'deviceDiffers', text: differs });
  // A plant fetches its own tokens: the one that was issued to it ends, and nobody minds.
  if (credential && credential.kind !== 'token') {
    for (const text of ending(credential.validUntil, at, (when) => `Its credential ${when}.`)) {
      remarks.push({ kind: 'credentialEndsSoon', text });
    }
  }
  return remarks;
}

/** An earlier credential on the device, or one not proven yet, is seen by the plant's state. */
function deviceWords({ deployment, deviceSeenAt }: HandoverPlant): string | undefined {
  const when = deviceSeenAt === null ? '' : ` on ${day(deviceSeenAt)}`;
  switch (deployment) {
    case 'lost':
      return `Its device said${when} that it holds no credential any more.`;
    case 'foreign':
      return `Its device holds files that this console did not issue to it, as it said${when}.`;
    case 'unknown':
    case 'inVault':
    case 'onDevice':
    case 'matched':
      return undefined;
  }
}

function pendingWords({ credential }: HandoverPlant): string {
  if (credential === null) return 'no credential was issued.';
  if (credential.isWaiting) return 'its credential waits in the console and is not on the device.';
  return 'its credential was handed over, and no session was verified with it.';
}

const endings: Readonly<Record<Exclude<RecordingEnding, 'stopped'>, string>> = {
  locked: 'ended by the lock of the console',
  replaced: 'ended when the monitor was set otherwise',
  full: 'ended at its size',
  'disk-full': 'ended because the disk was full',
  failed: 'ended because the file could not be written',
  cut: 'cut in the middle',
};

function recordingRemarks(recording: Recording): Words[] {
  const { origin, ending: end, dropped, oversized, droppedByBroker, gaps, gapMs, badLines } = recording;
  const counted = (count: number | null, words: (count: number) => string) => (count ? [words(count)] : []);
  const parts = [
    ...(origin === 'imported' ? ['imported from a file: what it does not have, nobody counted'] : []),
    ...(end === null || end === 'stopped' ? [] : [endings[end]]),
    ...counted(dropped, (count) => `${count} messages were heard and not written`),
    ...(origin === 'recorded' && dropped === null ? ['nobody knows how many messages were not written'] : []),
    ...counted(oversized, (count) => `${count} messages were too large`),
    ...counted(droppedByBroker, (count) => `the broker dropped ${count} messages to its clients meanwhile`),
    ...counted(gaps, (count) => `the connection was away ${count} times, ${Math.ceil((gapMs ?? 0) / 1000)} s in all`),
    ...counted(badLines, (count) => `${count} lines are no message`),
  ];
  if (parts.length === 0) return [];
  const text = parts.join('; ');
  return [{ kind: 'recordingIncomplete', text: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` }];
}
