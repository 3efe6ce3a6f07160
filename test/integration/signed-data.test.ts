// A signature beside a document, judged by OpenSSL.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { issueCertificate } from '../../electron/authority/leaf.ts';
import { createAuthority } from '../../electron/authority/root.ts';
import { signDetached } from '../../electron/authority/signed-data.ts';
import { describeWith } from '../support/requirements.ts';

const run = promisify(execFile);

describeWith('openssl')('a signed document', () => {
  it.each(['RSA-3072', 'EC-P256', 'EC-P384'] as const)('by a certificate of a %s authority', async (keyAlgorithm) => {
    const folder = await mkdtemp(join(tmpdir(), 'voke-signed-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const now = new Date();
    const [authority, stranger] = await Promise.all([
      createAuthority({ keyAlgorithm, now }),
      createAuthority({ keyAlgorithm: 'EC-P256', now }),
    ]);
    const profile = { kind: 'document', commonName: 'Handover record 7' } as const;
    const validity = { notAfter: 'authority' } as const;
    const signer = await issueCertificate({ authority, profile, keyAlgorithm: 'EC-P256', validity, now });
    const content = Buffer.from('{"plants":[]}\n');
    const write = (name: string, bytes: string | Buffer) => writeFile(join(folder, name), bytes);
    await write('document', content);
    await write('document.p7s', await signDetached(content, signer, now));
    await write('ca.crt', authority.certificatePem);
    const verify = async () => {
      const words = 'cms -verify -binary -inform DER -in document.p7s -content document -CAfile ca.crt -purpose any';
      const { stdout, stderr } = await run('openssl', words.split(' '), { cwd: folder });
      return { stdout, stderr };
    };
    await expect(verify()).resolves.toMatchObject({
      stdout: content.toString(),
      stderr: expect.stringContaining('successful'),
    });
    await write('document', content.toString().replace('[]', '{}'));
    await expect(verify()).rejects.toThrow('CMS_verify');
    await write('document', content);
    await write('ca.crt', stranger.certificatePem);
    await expect(verify()).rejects.toThrow('certificate verify error');
  });
});
