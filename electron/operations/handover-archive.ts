// A handover record as one archive. handover.json is signed and names the SHA-256 of every other file, so that one signature
// stands for all of it, and openssl alone tells in years whether it does.

import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { canonicalJson } from '../../shared/model/canonical-json.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { HandoverFile, HandoverRecord } from '../../shared/model/handover.ts';
import type { Recording } from '../../shared/model/recording.ts';
import { recordingFingerprint } from '../monitor/recording/recording-facts.ts';
import { sha256Hex } from '../platform/digest.ts';
import { endOfSlice } from '../platform/slices.ts';
import { type PackedFile, packFiles } from '../platform/tar.ts';
import { recordingPath } from './recordings.ts';

export const handoverFileNames = {
  record: 'handover.json',
  signature: 'handover.json.p7s',
  page: 'handover.html',
  readme: 'README.txt',
  authority: 'ca.crt',
  signer: 'signer.crt',
} as const;

const readableMode = 0o644;

/** The record's JSON in UTF-8: keys sorted, each plant and the like on a line of its own, the same for the same record. */
export async function handoverJson(record: HandoverRecord): Promise<Uint8Array> {
  const isOver = endOfSlice();
  const parts: Buffer[] = [];
  const put = async (part: string) => {
    parts.push(Buffer.from(part, 'utf8'));
    await isOver();
  };
  let before = '{\n';
  for (const [name, value] of Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    await put(`${before}${JSON.stringify(name)}:`);
    before = ',\n';
    if (!Array.isArray(value) || value.length === 0) {
      await put(canonicalJson(value));
      continue;
    }
    let beforeItem = '[\n';
    for (const item of value) {
      await put(`${beforeItem}${canonicalJson(item)}`);
      beforeItem = ',\n';
    }
    await put('\n]');
  }
  await put('\n}\n');
  return Buffer.concat(parts);
}

type Signed = Pick<HandoverRecord, 'authorities'>;

/** What is typed to verify an archive; `authorities`: the one that has signed first. */
export function verifyWords({ authorities: [authority] }: Signed): string {
  const { record, signature, page, authority: root } = handoverFileNames;
  return [
    `In the folder of the archive, with OpenSSL 1.1 or later (on Windows, -out NUL):`,
    '',
    `openssl cms -verify -binary -inform DER -in ${signature} -content ${record} -CAfile ${root} -purpose any -out /dev/null`,
    '',
    `"CMS Verification successful" proves that ${record} is what this authority has signed. That it is this authority:`,
    '',
    `openssl x509 -in ${root} -noout -fingerprint -sha256`,
    authority?.fingerprint ?? '',
    '',
    `Compare that with the certificate that your plants and brokers trust. ${record} holds the SHA-256 of every other`,
    'file below "files":',
    '',
    `openssl dgst -sha256 ${page}`,
    '',
    `After ${authority?.notAfter.slice(0, 10)}, when the authority has ended, add -no_check_time to the first command.`,
  ].join('\n');
}

export const handoverReadme = (record: Pick<HandoverRecord, 'number' | 'at' | 'by' | 'to'>, verify: string): string =>
  [
    `Handover record ${record.number} of ${record.at}`,
    `Handed over by ${record.by}`,
    `To ${record.to}`,
    '',
    'handover.html        to read, print and sign by hand',
    'handover.json        the same for programs; this is what is signed',
    'handover.json.p7s    the signature (CMS SignedData, RFC 5652)',
    'ca.crt               the authority',
    'signer.crt           the certificate of the key that has signed; that key was thrown away',
    'recordings/          what was recorded of the brokers (NDJSON, gzip), where it was asked for',
    '',
    verify,
    '',
  ].join('\n');

/** Where a recording's file lies in an archive. */
const nameInArchive = (recordingId: string): string => `recordings/${recordingId}.ndjson.gz`;

/**
 * Makes sure that the file of each recording is the one whose fingerprint was kept when it ended. Throws
 * `handover/recording-changed`, `recording/file-missing`.
 */
export async function checkRecordings(folder: string, recordings: readonly Recording[]): Promise<HandoverFile[]> {
  const files: HandoverFile[] = [];
  for (const { recordingId, note, sha256 } of recordings) {
    const file = await recordingFingerprint(recordingPath(folder, recordingId)).catch((cause: unknown) => {
      throw new ConsoleError('recording/file-missing', { because: note, cause, details: { recordingId } });
    });
    if (file.sha256 !== sha256) throw changed(recordingId, note);
    files.push({ name: nameInArchive(recordingId), ...file });
  }
  return files;
}

const changed = (recordingId: string, because?: string) =>
  new ConsoleError('handover/recording-changed', {
    details: { recordingId },
    ...(because !== undefined && because !== '' && { because }),
  });

const keptSchema = z.object({
  folder: z.string(),
  at: z.string(),
  /** Base64 of the compressed content: what ten thousand plants say is mostly repetition. */
  files: z.array(z.object({ name: z.string(), content: z.string() })),
  recordings: z.array(z.object({ recordingId: z.string(), sha256: z.string() })),
});

export type KeptHandover = {
  /** The archive's only folder, and its own name. */
  readonly folder: string;
  /** Of every file in it. */
  readonly at: Date;
  readonly files: readonly { readonly name: string; readonly content: Uint8Array }[];
  readonly recordings: readonly { readonly recordingId: string; readonly sha256: string }[];
};

/** As the vault keeps it. */
export async function writeKept({ folder, at, files, recordings }: KeptHandover): Promise<string> {
  const packed: { name: string; content: string }[] = [];
  for (const { name, content } of files) {
    packed.push({ name, content: (await promisify(gzip)(content)).toString('base64') });
  }
  return JSON.stringify({ folder, at: at.toISOString(), files: packed, recordings });
}

export async function readKept(text: string): Promise<KeptHandover> {
  const { folder, at, files, recordings } = keptSchema.parse(JSON.parse(text));
  const unpacked: { name: string; content: Uint8Array }[] = [];
  for (const { name, content } of files) {
    unpacked.push({ name, content: await promisify(gunzip)(Buffer.from(content, 'base64')) });
  }
  return { folder, at: new Date(at), files: unpacked, recordings };
}

/** The same bytes whenever it is asked for. Throws like `checkRecordings`. */
export async function packHandover(
  { folder, at, files, recordings }: KeptHandover,
  recordingsFolder: string,
): Promise<Blob> {
  async function* all(): AsyncGenerator<PackedFile> {
    for (const { name, content } of files) yield { name: `${folder}/${name}`, content, mode: readableMode };
    for (const { recordingId, sha256 } of recordings) {
      const content = await readFile(recordingPath(recordingsFolder, recordingId)).catch((cause: unknown) => {
        throw new ConsoleError('recording/file-missing', { cause, details: { recordingId } });
      });
      if ((await sha256Hex(content)) !== sha256) throw changed(recordingId);
      yield { name: `${folder}/${nameInArchive(recordingId)}`, content, mode: readableMode };
    }
  }
  return await packFiles(all(), at);
}
