import { readTime } from '../authority/der-reader.ts';
import { readDistinguishedName } from '../authority/distinguished-name.ts';
import { fromLongPem } from '../authority/pem.ts';
import { readCrlFrame } from '../authority/structure.ts';
import type { CrlTimes } from '../broker/doctor/patient.ts';
import { pemBlocksInSteps } from '../platform/pem-blocks.ts';
import { inSlices } from '../platform/slices.ts';

/** From when until when each CRL of a file counts, without its entries; none of a file that is no CRL. */
export async function readCrlTimes(text: string): Promise<CrlTimes[]> {
  const times: CrlTimes[] = [];
  try {
    for (const pem of await inSlices(pemBlocksInSteps(text, 'X509 CRL'))) {
      const { issuer, thisUpdate, nextUpdate } = readCrlFrame(await fromLongPem('X509 CRL', pem));
      times.push({
        issuer: readDistinguishedName(issuer.der),
        thisUpdate: readTime(thisUpdate),
        nextUpdate: nextUpdate && readTime(nextUpdate),
      });
    }
  } catch {
    // A broker's file is whatever it is; a broken one is not judged by its times.
  }
  return times;
}
