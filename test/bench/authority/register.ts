// A register of a hundred thousand revoked certificates, as `openssl ca` keeps it.

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RevokedCertificate } from '../../../electron/authority/crl-entries.ts';
import { indexLine } from '../../../electron/authority/export/index-file.ts';
import { readIndexFile } from '../../../electron/authority/import/index-file.ts';
import { newSerialNumber } from '../../../electron/authority/tbs-certificate.ts';

const reasons = ['unspecified', 'keyCompromise', 'superseded', 'cessationOfOperation'] as const;
const minuteMs = 60_000;

/** The text of `index.txt`. */
export function revokedRegister(count: number, now = Date.now()): string {
  let text = '';
  for (let number = 0; number < count; number += 1) {
    text += indexLine({
      serialNumber: newSerialNumber().toString('hex'),
      subject: `/CN=plant ${number}`,
      notAfter: new Date(now + 730 * 24 * 60 * minuteMs),
      revokedAt: new Date(now - number * minuteMs),
      reason: reasons[number % reasons.length],
      invalidityDate: undefined,
    });
  }
  return text;
}

/** What the index.txt of a folder revokes, read a line at a time, as the vault hands its rows out a page at a time. */
export async function readRevocations(folder: string): Promise<RevokedCertificate[]> {
  const revoked: RevokedCertificate[] = [];
  for await (const line of createInterface({ input: createReadStream(join(folder, 'index.txt')) })) {
    for (const { serialNumber, revokedAt, reason } of await readIndexFile(line)) {
      if (revokedAt && reason) revoked.push({ serialNumber, revokedAt, reason });
    }
  }
  return revoked;
}
