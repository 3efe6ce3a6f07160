// The handover record: what an engineer gives to the plant's owner at the end of the day. It is signed by a certificate of
// the authority that is made for this one record, and whose key is gone a moment later: nobody can sign another like it,
// and no secret more has to be guarded. What was given is kept, so that it can be given again unchanged.

import { ConsoleError } from '../../shared/model/errors.ts';
import {
  type Handover,
  type HandoverChoice,
  type HandoverFile,
  type HandoverPreview,
  type HandoverRecord,
  type HandoverScope,
  handoverFormat,
  maxHandoverRecordingBytes,
} from '../../shared/model/handover.ts';
import { signDetached } from '../authority/signed-data.ts';
import { sha256Hex } from '../platform/digest.ts';
import type { HandoverRow } from '../vault/rows/handovers.ts';
import { requireAuthority } from './authority.ts';
import { type IssuedCertificate, issueFromAuthority } from './certificates.ts';
import { audit, type OperationContext } from './context.ts';
import type { ExportedFile } from './export-credential.ts';
import {
  checkRecordings,
  handoverFileNames,
  handoverJson,
  handoverReadme,
  packHandover,
  readKept,
  verifyWords,
  writeKept,
} from './handover-archive.ts';
import { gatherFacts, type HandoverFacts, requireRecordings } from './handover-facts.ts';
import { handoverPage } from './handover-page.ts';
import { handoverRemarks } from './handover-remarks.ts';

const shownRemarks = 200;

export type HandoverWishes = {
  readonly plants: HandoverChoice;
  readonly recordingIds: readonly string[];
};

export type HandoverOrder = HandoverWishes & {
  /** Puts the files of the recordings in. */
  readonly withRecordings: boolean;
  readonly by: string;
  readonly to: string;
  readonly remark: string;
};

/** What the record needs of the console. */
export type HandoverPlace = { readonly recordingsFolder: string; readonly version: string };

/** What a record would say, and what it would warn of. Throws like `gatherFacts`. */
export async function previewHandover(context: OperationContext, wishes: HandoverWishes): Promise<HandoverPreview> {
  requireAuthority(context);
  const { facts, restoredAt } = await gatherFacts(context, wishes.plants, wishes.recordingIds);
  const brokenAt = await context.vault.audit.firstBroken();
  const remarks = handoverRemarks(facts, context.clock.now(), { brokenAt, restoredAt });
  return {
    plants: facts.plants.length,
    active: facts.plants.filter(({ status }) => status === 'ACTIVE').length,
    brokers: facts.brokers.map(({ name }) => name),
    recordingBytes: facts.recordings.reduce((sum, { bytes }) => sum + bytes, 0),
    remarkCount: remarks.length,
    remarks: remarks.slice(0, shownRemarks),
  };
}

/**
 * Makes the record and keeps it. Throws like `gatherFacts` and `checkRecordings`, `authority/key-missing`, and
 * `handover/too-large` for files that one archive cannot carry.
 */
export async function makeHandover(
  context: OperationContext,
  order: HandoverOrder,
  place: HandoverPlace,
): Promise<Handover> {
  requireAuthority(context);
  const recordings = requireRecordings(context, order.recordingIds);
  const bytes = recordings.reduce((sum, recording) => sum + recording.bytes, 0);
  if (order.withRecordings && bytes > maxHandoverRecordingBytes) throw new ConsoleError('handover/too-large');
  const files = await checkRecordings(place.recordingsFolder, recordings);
  // No plant's credential changes while the record is written, and no other record gets its number.
  return await context.exclusively(() =>
    writeHandover(context, order, order.withRecordings ? files : [], place.version),
  );
}

async function writeHandover(
  context: OperationContext,
  order: HandoverOrder,
  recordingFiles: readonly HandoverFile[],
  consoleVersion: string,
): Promise<Handover> {
  const { vault } = context;
  const { facts, restoredAt } = await gatherFacts(context, order.plants, order.recordingIds);
  const number = vault.handovers.next();
  const signer = await issueFromAuthority(context, {
    profile: { kind: 'document', commonName: `Handover record ${number}` },
    keyAlgorithm: 'EC-P256',
    // It is to be verified for as long as the authority can be; the key is thrown away.
    validity: { notAfter: 'authority' },
  });
  const at = context.clock.now();
  const { subject, serialNumber, fingerprint } = signer.row;
  const { by, to, remark } = order;
  const record: Omit<HandoverRecord, 'files'> = {
    format: handoverFormat,
    formatVersion: 1,
    number,
    at: at.toISOString(),
    by,
    to,
    remark,
    madeBy: context.actor,
    consoleVersion,
    scope: scopeOf(order.plants),
    signedWith: { subject, serialNumber, fingerprint },
    ...facts,
    remarks: handoverRemarks(facts, at, { brokenAt: await vault.audit.firstBroken(), restoredAt }),
    audit: { sequence: vault.audit.list({ limit: 1 }).items[0]?.sequence ?? 0, hash: vault.audit.head() },
  };
  const { files, json } = await filesOf(context, record, signer, recordingFiles);
  const kept = await writeKept({
    folder: `handover-${String(number).padStart(4, '0')}-${record.at.slice(0, 10)}`,
    at,
    files,
    recordings: order.withRecordings ? keptRecordings(facts) : [],
  });
  const row = {
    number,
    at: record.at,
    by,
    to,
    scope: record.scope,
    plants: facts.plants.length,
    recordingIds: order.withRecordings ? facts.recordings.map(({ recordingId }) => recordingId) : [],
    sha256: await sha256Hex(json),
    certificateSerialNumber: serialNumber,
  };
  return store(context, row, signer, kept);
}

const keptRecordings = ({ recordings }: HandoverFacts) =>
  recordings.flatMap(({ recordingId, sha256 }) => (sha256 === null ? [] : [{ recordingId, sha256 }]));

function scopeOf(choice: HandoverChoice): HandoverScope {
  return choice.kind === 'plants' ? { kind: 'plants' } : choice;
}

/** The archive's files but for recordings, and the one of them that is signed. */
async function filesOf(
  context: OperationContext,
  record: Omit<HandoverRecord, 'files'>,
  signer: IssuedCertificate,
  recordingFiles: readonly HandoverFile[],
) {
  const utf8 = (text: string) => new TextEncoder().encode(text);
  const verify = verifyWords(record);
  const named = [
    { name: handoverFileNames.readme, content: utf8(handoverReadme(record, verify)) },
    { name: handoverFileNames.page, content: await handoverPage(record, verify) },
    { name: handoverFileNames.authority, content: utf8(requireAuthority(context).certificatePem) },
    { name: handoverFileNames.signer, content: utf8(signer.row.certificatePem) },
  ];
  const described: HandoverFile[] = [];
  for (const { name, content } of named) {
    described.push({ name, bytes: content.length, sha256: await sha256Hex(content) });
  }
  const json = await handoverJson({ ...record, files: [...described, ...recordingFiles] });
  const signature = await signDetached(
    json,
    { certificatePem: signer.row.certificatePem, privateKeyPem: signer.privateKeyPem },
    new Date(record.at),
  );
  return {
    json,
    files: [
      ...named,
      { name: handoverFileNames.record, content: json },
      { name: handoverFileNames.signature, content: signature },
    ],
  };
}

function store(
  context: OperationContext,
  row: Omit<HandoverRow, 'auditSequence'>,
  signer: IssuedCertificate,
  kept: string,
): Handover {
  const { vault } = context;
  const stored = vault.transaction(() => {
    const { number, by, to, sha256, plants, certificateSerialNumber } = row;
    vault.certificates.insert({ ...signer.row, state: 'active' });
    audit(context, 'handover.made', `Handover record ${number}`, { by, to, sha256, plants, certificateSerialNumber });
    const [line] = vault.audit.list({ limit: 1 }).items;
    const whole = { ...row, auditSequence: line?.sequence ?? 0 };
    vault.handovers.insert(whole, kept);
    return whole;
  });
  context.changed('handovers');
  context.changed('authority');
  return viewHandover(stored);
}

const viewHandover = (row: HandoverRow): Handover => ({ ...row, recordingIds: [...row.recordingIds] });

/** Newest first. */
export const listHandovers = ({ vault }: OperationContext): Handover[] => vault.handovers.list().map(viewHandover);

/**
 * The archive as it was given, byte for byte; without its recordings where they are not wanted. Throws `handover/not-found`,
 * and like `checkRecordings` for recordings that are gone.
 */
export async function handoverFile(
  context: OperationContext,
  number: number,
  withRecordings: boolean,
  { recordingsFolder }: HandoverPlace,
): Promise<ExportedFile> {
  const kept = await readKept(context.vault.handovers.files(number));
  const wanted = withRecordings ? kept : { ...kept, recordings: [] };
  const content = await packHandover(wanted, recordingsFolder);
  return { name: `${kept.folder}.tar`, type: 'application/x-tar', content };
}
