import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CertificateState } from '../../shared/model/certificate.ts';
import type { CertificateRow } from '../vault/rows/certificates.ts';
import type { OpenVault } from '../vault/rows.ts';

/** Some 10 ms to read. */
const pageSize = 200;

/** Every certificate of an authority, or every one in a state, in pages; others get their turn between two of them. */
export async function* certificatePages(
  { certificates }: OpenVault,
  filter: { readonly authorityId: string; readonly state?: CertificateState },
): AsyncGenerator<CertificateRow[]> {
  for (let after: string | undefined; ; ) {
    const page = certificates.listBehind(filter, after, pageSize);
    yield page;
    if (page.length < pageSize) return;
    after = page.at(-1)?.serialNumber;
    await nextTurn();
  }
}
