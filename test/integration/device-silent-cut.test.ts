// A cable that is cut without a word: no packet comes or goes, no connection is reset. The console notices by itself,
// and the device holds a whole set. That takes it most of a minute, which the tests wait for side by side.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, type TestContext } from 'vitest';
import { deploy } from '../../electron/device/deploy.ts';
import type { DeploymentFile } from '../../electron/device/files.ts';
import { readState } from '../../electron/device/read-state.ts';
import { connect } from '../../electron/remote/connect.ts';
import { layCable } from '../support/cable.ts';
import { onDevice, rootRights, shellOf } from '../support/devices.ts';
import { describeWith } from '../support/requirements.ts';
import { startSshd } from '../support/sshd.ts';
import { until } from '../support/until.ts';

const fileSet = (generation: string): DeploymentFile[] => [
  { name: 'ca.crt', mode: 0o644, content: `authority ${generation}\n` },
  { name: 'device.key', mode: 0o600, content: `key ${generation}\n` },
];
const names = ['ca.crt', 'device.key'];

async function deviceBehindCable({ onTestFinished }: Pick<TestContext, 'onTestFinished'>) {
  const cable = await layCable();
  onTestFinished(() => cable.remove());
  const device = await startSshd({ cable });
  onTestFinished(() => device.stop());
  const directory = `${device.base}/voke`;
  const deploySet = (generation: string) =>
    onDevice(device, (session) => deploy(shellOf(session), { directory, files: fileSet(generation) }));
  const held = () => Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
  const whole = (generation: string) => fileSet(generation).map(({ content }) => content);
  return { cable, device, directory, deploySet, held, whole };
}

describeWith(
  'sshd',
  'ssh-keygen',
  'ip',
  ...rootRights,
)('a silent cable', () => {
  it.concurrent('is noticed before anything was sent, and leaves the old set', async (test) => {
    const { cable, device, directory, deploySet, held, whole } = await deviceBehindCable(test);
    await deploySet('one');
    const failure = onDevice(device, async (session) => {
      await cable.pull();
      return await deploy(shellOf(session), { directory, files: fileSet('two') });
    });
    await expect(failure).rejects.toMatchObject({ code: 'remote/connection-lost' });
    expect(await held()).toEqual(whole('one'));
    await cable.plug();
    await deploySet('two');
    expect(await held()).toEqual(whole('two'));
  });

  it.concurrent('is noticed while the device moves files, which it goes on with', async (test) => {
    const { cable, device, directory, deploySet, held, whole } = await deviceBehindCable(test);
    await deploySet('one');
    const [moving, goOn] = [`${device.base}/moving`, `${device.base}/go-on`];
    await device.standIn?.(
      'mv',
      (real) => `${real} "$@" || exit
touch ${moving}
while [ ! -e ${goOn} ]; do sleep 0.1; done`,
    );
    const failure = expect(deploySet('two')).rejects.toMatchObject({ code: 'remote/connection-lost' });
    await until(() =>
      readFile(moving).then(
        () => true,
        () => false,
      ),
    );
    await cable.pull();
    await failure;
    await cable.plug();
    const state = () => onDevice(device, (session) => readState(shellOf(session), directory, names));
    expect((await state()).installation).toBe('running');
    await onDevice(device, (session) => session.runScript(`touch ${goOn}\n`, { timeoutMs: 20_000 }));
    await until(async () => (await state()).installation === 'none');
    expect(await held()).toEqual(whole('two'));
  });

  it.concurrent('is a time-out where it was cut before the login', async (test) => {
    const { cable, device } = await deviceBehindCable(test);
    await cable.pull();
    const { host, port, username, authentication, fingerprint } = device;
    const hostKey = { kind: 'pinned', fingerprint } as const;
    await expect(
      connect({ host, port, username, authentication, hostKey, readyTimeoutMs: 2_000 }),
    ).rejects.toMatchObject({ code: 'remote/timeout' });
  });
});
