// The three openssl commands of the mTLS document's generate-device-cert.sh, run as the document runs them,
// one plant after the other, under the same authority. The openssl on PATH may be older than the one in Node:
// run.ts names both.

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inFlight, perSecond, takeTurns } from '../measure.ts';
import type { BenchRow } from '../row.ts';
import { benchAuthority, deviceIssuing } from './certificates.ts';

const execute = promisify(execFile);
const openssl = (args: readonly string[]) => execute('openssl', args);

/** Writes `name`.key and `name`.crt into `folder`, which holds the authority. */
export async function deviceCertificateScript(
  folder: string,
  name: string,
  keyCommand: (file: string) => readonly string[],
): Promise<void> {
  const file = (suffix: string) => join(folder, `${name}.${suffix}`);
  const [key, request, certificate] = [file('key'), file('csr'), file('crt')];
  await openssl(keyCommand(key));
  await openssl(['req', '-new', '-key', key, '-out', request, '-subj', `/CN=${name}`]);
  const signing = ['-CA', join(folder, 'ca.crt'), '-CAkey', join(folder, 'ca.key'), '-CAserial', file('srl')];
  await openssl([
    'x509',
    '-req',
    '-in',
    request,
    ...signing,
    '-CAcreateserial',
    '-out',
    certificate,
    '-days',
    '730',
    '-sha256',
  ]);
}

const againstOpenssl = (
  name: string,
  keyAlgorithm: 'RSA-2048' | 'EC-P256',
  keyCommand: (file: string) => readonly string[],
  count: { readonly ours: number; readonly reference: number },
): BenchRow => ({
  name,
  unit: 'certificates/s',
  aim: 5,
  direction: 'more-is-better',
  async run() {
    const authority = await benchAuthority();
    const issue = deviceIssuing(authority, keyAlgorithm);
    const folder = await mkdtemp(join(tmpdir(), 'voke-bench-'));
    try {
      await writeFile(join(folder, 'ca.crt'), authority.certificatePem);
      await writeFile(join(folder, 'ca.key'), authority.privateKeyPem, { mode: 0o600 });
      return await takeTurns(
        5,
        () => perSecond(count.ours, inFlight, issue),
        () => perSecond(count.reference, 1, () => deviceCertificateScript(folder, randomUUID(), keyCommand)),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  },
});

export const rsaAgainstOpenssl = againstOpenssl(
  'issue/rsa-2048-vs-openssl',
  'RSA-2048',
  (file) => ['genrsa', '-out', file, '2048'],
  {
    ours: 100,
    reference: 12,
  },
);

export const ecAgainstOpenssl = againstOpenssl(
  'issue/ec-p256-vs-openssl',
  'EC-P256',
  (file) => ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', file],
  { ours: 400, reference: 25 },
);
