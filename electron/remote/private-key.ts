// An OpenSSH key with a passphrase costs a few hundred milliseconds of bcrypt in plain JavaScript,
// so it is unlocked in a worker thread, and comes back as a key that ssh2 reads at once.

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import ssh2 from 'ssh2';
import { ConsoleError } from '../../shared/model/errors.ts';

/** The worker's program is text, so that it needs no file of its own beside the bundle. */
const workerProgram = `
  const { parentPort, workerData } = require('node:worker_threads');
  const key = require(workerData.ssh2).utils.parseKey(workerData.privateKeyPem, workerData.passphrase);
  parentPort.postMessage(key instanceof Error || !key.isPrivateKey() ? undefined : key.getPrivatePEM());
`;

/**
 * A private key in a form that ssh2 can log in with. Reads OpenSSH and PEM (PKCS#1, SEC 1), with or without a passphrase.
 * Throws `remote/invalid-private-key`, which does not tell a wrong passphrase from a damaged file.
 */
export async function readPrivateKey(privateKeyPem: string, passphrase?: string): Promise<string> {
  const ready = passphrase === undefined ? privateKeyPem : await unlock(privateKeyPem, passphrase);
  const key = ssh2.utils.parseKey(ready);
  if (key instanceof Error || !key.isPrivateKey()) throw new ConsoleError('remote/invalid-private-key');
  return ready;
}

async function unlock(privateKeyPem: string, passphrase: string): Promise<string> {
  const ssh2 = createRequire(import.meta.url).resolve('ssh2');
  const worker = new Worker(workerProgram, { eval: true, workerData: { ssh2, privateKeyPem, passphrase } });
  const pem = await new Promise<unknown>((resolve) => {
    worker.once('message', resolve);
    worker.once('error', () => resolve(undefined));
    worker.once('exit', () => resolve(undefined));
  });
  if (typeof pem !== 'string') throw new ConsoleError('remote/invalid-private-key');
  return forSsh2(createPrivateKey(pem));
}

/** ssh2 reads no PKCS#8: RSA goes as PKCS#1, EC as SEC 1, Ed25519 in OpenSSH's own format. */
function forSsh2(key: KeyObject): string {
  if (key.asymmetricKeyType === 'rsa') return String(key.export({ type: 'pkcs1', format: 'pem' }));
  if (key.asymmetricKeyType === 'ec') return String(key.export({ type: 'sec1', format: 'pem' }));
  const { d, x } = key.export({ format: 'jwk' });
  if (key.asymmetricKeyType !== 'ed25519' || d === undefined || x === undefined) {
    throw new ConsoleError('remote/invalid-private-key');
  }
  return openSshEd25519(Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url'));
}

/** openssh-key-v1 without encryption, as OpenSSH's PROTOCOL.key describes it. */
function openSshEd25519(seed: Buffer, publicKey: Buffer): string {
  const type = field('ssh-ed25519');
  const checkInts = Buffer.alloc(8);
  const secret = Buffer.concat([checkInts, type, field(publicKey), field(Buffer.concat([seed, publicKey])), field('')]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1));
  const blob = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    Buffer.from([0, 0, 0, 1]),
    field(Buffer.concat([type, field(publicKey)])),
    field(Buffer.concat([secret, padding])),
  ]);
  const lines = blob.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
