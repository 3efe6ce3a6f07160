// A user of this machine for one test: an ordinary login with a password, and what sudo grants it. Needs root.

import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { run } from './processes.ts';

export type HostUser = { readonly username: string; readonly password: string; readonly remove: () => Promise<void> };

/** What /etc/sudoers.d says of the user. */
export type SudoRight = 'with its password' | 'without a password' | 'for one other command' | 'none';

const rules: Record<Exclude<SudoRight, 'none'>, string> = {
  'with its password': 'ALL=(ALL:ALL) ALL',
  'without a password': 'ALL=(ALL:ALL) NOPASSWD: ALL',
  'for one other command': 'ALL=(ALL:ALL) NOPASSWD: /usr/bin/id',
};

const doasRules = '/etc/doas.conf';
const readDoasRules = () => readFile(doasRules, 'utf8').catch(() => '');

/** A rule of doas.conf(5) for the user: root without a password, or with it. Needs `doas` (Debian: opendoas). */
export async function addDoasRule({ username }: HostUser, option: 'nopass' | ''): Promise<() => Promise<void>> {
  const rule = `permit ${option} ${username}\n`;
  await writeFile(doasRules, (await readDoasRules()) + rule, { mode: 0o400 });
  return async () => writeFile(doasRules, (await readDoasRules()).replace(rule, ''));
}

/** `sudoPath`: the PATH of whatever sudo runs. Needs `useradd`, `userdel` and `chpasswd` (Debian: passwd), and `sudo` for a right. */
export async function addHostUser(right: SudoRight, { sudoPath }: { sudoPath?: string } = {}): Promise<HostUser> {
  const username = `voke-test-${randomBytes(4).toString('hex')}`;
  const password = `pass '"$(id)\\ ${randomBytes(6).toString('hex')}`;
  const sudoers = `/etc/sudoers.d/${username}`;
  await run('useradd', ['--create-home', '--shell', '/bin/sh', username]);
  await run('chpasswd', [], `${username}:${password}\n`);
  const path = sudoPath === undefined ? '' : `Defaults:${username} secure_path="${sudoPath}"\n`;
  if (right !== 'none') await writeFile(sudoers, `${path}${username} ${rules[right]}\n`, { mode: 0o440 });
  return {
    username,
    password,
    remove: async () => {
      await rm(sudoers, { force: true });
      await run('userdel', ['--remove', username]).catch(() => run('userdel', ['--force', '--remove', username]));
    },
  };
}
