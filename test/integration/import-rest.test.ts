// An authority sent over REST: as a program does, with its own room for the body, and no more.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { maxAuthorityImportBytes } from '../../shared/model/authority-import.ts';
import { passphrase, startConsole } from '../support/console.ts';
import { type SentFile, sentFile } from '../support/import-files.ts';
import { startLoopback } from '../support/loopback.ts';
import { OpensslPki } from '../support/openssl-pki.ts';
import { describeWith } from '../support/requirements.ts';

const path = '/api/v1/authority/import';
const megabyte = 1024 * 1024;

describeWith('openssl')('an authority over REST', () => {
  const start = async () => {
    const console = await startConsole();
    onTestFinished(() => console.dispose());
    await console.client.vault.create({ passphrase });
    const loopback = await startLoopback(console.core);
    return { loopback, post: (files: readonly SentFile[]) => loopback.call('POST', path, { files }) };
  };
  const authorityFiles = async () => {
    const pki = await OpensslPki.create();
    onTestFinished(() => pki.remove());
    return await Promise.all(
      ['ca.key', 'ca.crt', 'index.txt', 'serial', 'crlnumber'].map(async (name) =>
        sentFile(name, await readFile(join(pki.directory, name))),
      ),
    );
  };

  it('is adopted with 201, also beside a register of many megabytes', async () => {
    const { loopback, post } = await start();
    const [key, certificate] = (await authorityFiles()) as [SentFile, SentFile];
    const line = (number: number) =>
      `V\t301231235959Z\t\t${(0x10000000 + number).toString(16)}\tunknown\t/CN=plant ${number}\n`;
    const register = sentFile('index.txt', Array.from({ length: 50_000 }, (_, number) => line(number)).join(''));
    const answer = await post([key, certificate, register]);
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ subject: '/CN=Test Root CA', crl: { number: '1' } });
    expect((await loopback.call('GET', '/api/v1/authority')).status).toBe(200);
    expect((await post([key, certificate])).status).toBe(409);
  });

  it.each([
    ['too large for an authority', maxAuthorityImportBytes + 1, 'authority/import-too-large'],
    ['of a hundred megabytes', 100 * megabyte, 'input/too-large'],
  ])('is refused when a file is %s, and nothing has changed', async (_what, size, code) => {
    const { loopback, post } = await start();
    const answer = await post([...(await authorityFiles()), sentFile('device.crt', Buffer.alloc(size))]);
    expect(answer.status).toBe(413);
    expect(answer.json).toMatchObject({ code });
    expect((await loopback.call('GET', '/api/v1/authority')).status).toBe(404);
    expect((await post(await authorityFiles())).status).toBe(201);
  });
});
