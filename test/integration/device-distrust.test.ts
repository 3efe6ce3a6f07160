// What a device says is believed only when it fits: these devices lie, complain or die.

import { afterEach, expect, it } from 'vitest';
import { deploy } from '../../electron/device/deploy.ts';
import { connect } from '../../electron/remote/connect.ts';
import { fetchHostKey } from '../../electron/remote/host-key.ts';
import { shellOf } from '../support/devices.ts';
import { type ScriptedReply, type ScriptedSshServer, startScriptedSshServer } from '../support/scripted-ssh-server.ts';

const secret = 'Xy7KqPassw0rdOfThePlant';
const files = [{ name: 'credentials.json', mode: 0o600, content: `{"username":"plc-1","password":"${secret}"}\n` }];
const nonceOf = (script: string) => /nonce='([0-9a-f]+)'/.exec(script)?.[1] ?? '';
const wrongHash = 'ab'.repeat(32);

let server: ScriptedSshServer | undefined;
afterEach(() => server?.stop());

async function deployTo(reply: (script: string) => ScriptedReply) {
  server = await startScriptedSshServer(reply);
  const { fingerprint } = await fetchHostKey(server);
  const session = await connect({
    ...server,
    username: 'anyone',
    authentication: { kind: 'password', password: 'anything' },
    hostKey: { kind: 'pinned', fingerprint },
  });
  try {
    return await deploy(shellOf(session), { directory: '/etc/voke', files });
  } finally {
    session.close();
  }
}

it('does not take "ok" and exit status 0 for a success', async () => {
  const attempt = deployTo(() => ({ stdout: 'ok\nfile credentials.json\ndone\n', exitCode: 0 }));
  await expect(attempt).rejects.toMatchObject({ code: 'device/unconfirmed' });
});

it('does not take a last word without hashes for a success', async () => {
  const attempt = deployTo((script) => ({
    stdout: `${nonceOf(script)} begin\n${nonceOf(script)} done\n`,
    exitCode: 0,
  }));
  await expect(attempt).rejects.toMatchObject({ code: 'device/hash-mismatch' });
});

it.each([
  ['hash', `${wrongHash} -rw------- 0 0`],
  ['mode', `HASH -rw-r--r-- 0 0`],
])('does not take a wrong %s for a success', async (_what, rest) => {
  const attempt = deployTo((script) => {
    const hash = /accept 'credentials\.json' ([0-9a-f]{64})/.exec(script)?.[1] ?? '';
    const file = `file credentials.json ${rest.replace('HASH', hash)}`;
    const lines = ['begin', file, 'done'].map((line) => `${nonceOf(script)} ${line}\n`);
    return { stdout: lines.join(''), exitCode: 0 };
  });
  await expect(attempt).rejects.toMatchObject({
    code: 'device/hash-mismatch',
    details: { files: ['credentials.json'] },
  });
});

it('does not know what a device holds that stopped in the middle', async () => {
  const attempt = deployTo((script) => ({ stdout: `${nonceOf(script)} begin\n`, exitCode: 137 }));
  await expect(attempt).rejects.toMatchObject({ code: 'device/unconfirmed' });
});

it('says that nothing was installed where the shell never ran the script', async () => {
  const attempt = deployTo(() => ({ stderr: 'WARNING: password expired, no TTY available\n', exitCode: 1 }));
  await expect(attempt).rejects.toMatchObject({
    code: 'device/install-failed',
    details: { deviceSaid: 'WARNING: password expired, no TTY available' },
  });
});

it('does not repeat a secret that the device complains about', async () => {
  const attempt = deployTo((script) => ({ stderr: `sh: ${script}`, exitCode: 2 }));
  const error = await attempt.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'device/install-failed' });
  expect(JSON.stringify([error, String(error), (error as Error).message])).not.toContain(secret);
});

it('takes a hang-up for a lost connection', async () => {
  await expect(deployTo(() => 'hang up')).rejects.toMatchObject({ code: 'remote/connection-lost' });
});
