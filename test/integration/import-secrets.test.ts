// No import, refused or done, leaves its key or its passphrase where others read: not in the log (nor in what is handed to
// it, before it redacts), the jobs, the audit trail or an answer, over REST and over the WebSocket, nor in the clear on the
// disk.

import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createLogger, type LogFields, type Logger } from '../../electron/platform/log.ts';
import { startConsole, passphrase as vaultPassphrase } from '../support/console.ts';
import { clientOver, socketLink } from '../support/contract-callers.ts';
import { type SentFile, sentFile } from '../support/import-files.ts';
import { startLoopback } from '../support/loopback.ts';
import { OpensslPki } from '../support/openssl-pki.ts';
import { run } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';

const right = 'Open-Sesame-4711';
const wrong = 'Open-Barley-0815';

/** Base64 has three ways to lie in other base64; PEM is looked for line by line. */
const spellingsOf = (secret: string | Buffer): string[] => {
  const bytes = Buffer.from(secret);
  const shifted = [0, 1, 2].map((shift) => bytes.subarray(shift, bytes.length - ((bytes.length - shift) % 3)));
  return [
    bytes.toString('latin1'),
    bytes.toString('hex'),
    ...shifted.map((part) => part.toString('base64')),
    ...shifted.map((part) => part.toString('base64url')),
  ];
};

/** What only the private key has: its number, and the lines of the PEM that are long enough to be no accident. */
function secretsOfKey(pem: string): string[] {
  const lines = pem.split('\n').filter((line) => line.length >= 40 && !line.includes('-----'));
  const { d = '' } = createPrivateKey(pem).export({ format: 'jwk' });
  return [...lines.flatMap((line) => spellingsOf(line)), ...spellingsOf(Buffer.from(d, 'base64url'))];
}

/** The secrets that stand in `text`, in whatever case. */
function found(text: string, secrets: readonly string[]): string[] {
  const folded = text.toLowerCase();
  return secrets.filter((secret) => folded.includes(secret.toLowerCase()));
}

/** A logger that keeps what it is given as it is, and what it prints. */
function listeningLogger() {
  const heard: string[] = [];
  const printed = createLogger((line) => heard.push(line));
  const level =
    (name: keyof Logger) =>
    (message: string, fields: LogFields = {}) => {
      heard.push(message, inspect(fields, { depth: 10, showHidden: true, maxStringLength: null }));
      printed[name](message, fields);
    };
  const logger: Logger = { info: level('info'), warn: level('warn'), error: level('error') };
  return { logger, heard };
}

async function bytesBelow(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')));
  return contents.join('\n');
}

describeWith('openssl')('the secrets of an import', () => {
  /** A console with its two doors; every answer is kept as it came. */
  const start = async () => {
    const { logger, heard } = listeningLogger();
    const console = await startConsole({ logger });
    onTestFinished(() => console.dispose());
    await console.client.vault.create({ passphrase: vaultPassphrase });
    const loopback = await startLoopback(console.core);
    const socket = new WebSocket(`ws://127.0.0.1:${loopback.address.port}/rpc`, { headers: loopback.bearer });
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    socket.on('message', (data) => heard.push(data.toString('latin1')));
    const window = clientOver(socketLink(socket));
    const offer = async (files: readonly SentFile[], passphrase?: string): Promise<Set<unknown>> => {
      const input = { files: [...files], ...(passphrase !== undefined && { passphrase }) };
      const codes = new Set<unknown>();
      for (const path of ['/api/v1/authority/import/preview', '/api/v1/authority/import']) {
        const { text, json, status } = await loopback.call('POST', path, input);
        heard.push(text);
        codes.add(status < 300 ? 'done' : Reflect.get(json as object, 'code'));
      }
      for (const call of [window.authority.previewImport, window.authority.import]) {
        const code = await call(input).then(
          () => 'done',
          (error: unknown) => {
            heard.push(inspect(error, { depth: 10 }));
            return Reflect.get(error as object, 'code');
          },
        );
        codes.add(code);
      }
      return codes;
    };
    /** All that anybody is shown, and the disk. */
    const everything = async () => {
      const [jobs, trail, disk] = await Promise.all([
        console.client.jobs.list(),
        console.client.audit.list({ limit: 100 }),
        bytesBelow(console.dataDirectory),
      ]);
      return [...heard, ...loopback.log, JSON.stringify(jobs), JSON.stringify(trail), disk].join('\n');
    };
    return { console, logger, offer, everything };
  };

  /** The openssl folder with its key under `right`, the same as PKCS#12, and a stranger's key; with all their secrets. */
  const material = async () => {
    const [pki, other] = await Promise.all([OpensslPki.create(), OpensslPki.create('Another root')]);
    onTestFinished(async () => {
      await Promise.all([pki.remove(), other.remove()]);
    });
    const path = (name: string) => join(pki.directory, name);
    await writeFile(path('pass'), `${right}\n`);
    const underPassphrase = ['-passout', `file:${path('pass')}`];
    await run('openssl', [
      'pkcs8',
      '-topk8',
      '-v2',
      'aes-256-cbc',
      '-in',
      path('ca.key'),
      '-out',
      path('locked.key'),
      ...underPassphrase,
    ]);
    await run('openssl', [
      'pkcs12',
      '-export',
      '-inkey',
      path('ca.key'),
      '-in',
      path('ca.crt'),
      '-out',
      path('ca.p12'),
      ...underPassphrase,
    ]);
    const id = 'a1b2c3d4-0000-0000-0000-000000000001';
    const [device, theirs] = [await pki.issueDevice(id), await other.issueDevice(id)];
    const text = (name: string) => readFile(path(name), 'utf8');
    const otherKey = await readFile(join(other.directory, 'ca.key'), 'utf8');
    const lockedKey = await text('locked.key');
    const [key, certificate] = [sentFile('ca.key', lockedKey), sentFile('ca.crt', await text('ca.crt'))];
    const deviceFiles = [
      sentFile(`devices/${id}/device.crt`, device.certificatePem),
      sentFile(`devices/${id}/device.key`, device.keyPem),
    ];
    return {
      whole: [key, certificate, ...deviceFiles],
      key,
      certificate,
      p12: sentFile('ca.p12', await readFile(path('ca.p12'))),
      cutKey: sentFile('ca.key', lockedKey.slice(0, -60)),
      plainCutKey: sentFile('ca.key', (await text('ca.key')).replace(/.{20}\n-----END/, '\n-----END')),
      otherKey: sentFile('ca.key', otherKey),
      swapped: [deviceFiles[0], sentFile(`devices/${id}/device.key`, theirs.keyPem)] as SentFile[],
      secrets: [
        ...[right, wrong].flatMap(spellingsOf),
        ...[await text('ca.key'), otherKey, device.keyPem, theirs.keyPem].flatMap(secretsOfKey),
        ...lockedKey.split('\n').filter((line) => line.length >= 40 && !line.includes('-----')),
      ],
    };
  };

  it('are nowhere after imports that were refused', async () => {
    const { offer, everything } = await start();
    const { key, certificate, p12, cutKey, plainCutKey, otherKey, swapped, secrets } = await material();
    const cases: [SentFile[], string | undefined, string][] = [
      [[key, certificate], undefined, 'authority/key-locked'],
      [[key, certificate], wrong, 'authority/key-locked'],
      [[cutKey, certificate], right, 'authority/import-incomplete'],
      [[plainCutKey, certificate], undefined, 'authority/import-incomplete'],
      [[p12], undefined, 'authority/key-locked'],
      [[p12], wrong, 'authority/key-locked'],
      [[otherKey, certificate], undefined, 'authority/import-mismatch'],
      [[key, certificate, ...swapped], right, 'authority/import-mismatch'],
      [[{ name: 'ca.key', content: `${key.content}!` }, certificate], right, 'authority/import-unreadable'],
    ];
    for (const [files, passphrase, code] of cases) {
      expect([...(await offer(files, passphrase))], code).toEqual([code]);
    }
    const all = await everything();
    expect(all).toContain('authority/import-mismatch');
    expect(found(all, secrets)).toEqual([]);
  });

  it.each(['the openssl folder', 'PKCS#12'])('are nowhere after an import of %s', async (what) => {
    const { offer, everything, console } = await start();
    const { whole, p12, secrets } = await material();
    const codes = await offer(what === 'PKCS#12' ? [p12] : whole, right);
    expect([...codes]).toEqual(expect.arrayContaining(['done', 'authority/exists']));
    await console.client.vault.lock();
    await console.client.vault.unlock({ passphrase: vaultPassphrase });
    const all = await everything();
    expect(all).toContain('authority.import');
    expect(found(all, secrets)).toEqual([]);
  });

  it('would be found', async () => {
    const { logger, everything, console } = await start();
    const { secrets } = await material();
    for (const secret of secrets) expect(found(`before ${secret} behind`, secrets)).toContain(secret);
    logger.error('told too much', { error: new Error('no', { cause: new Error(right) }) });
    expect(found(await everything(), secrets)).toContain(right);
    await writeFile(join(console.dataDirectory, 'left-behind'), Buffer.from(`xx${wrong}`).toString('base64'));
    expect(found(await everything(), secrets)).not.toEqual([right]);
  });
});
