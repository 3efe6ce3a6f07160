// Two places where a broker's files may lie, with what a test needs to spoil them: a local mosquitto of the console's
// own, and one behind a shell that belongs to itself.

import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShellTarget } from '../../electron/broker/targets/shell-target.ts';
import { PidFileControl } from '../../electron/broker/targets/ssh/pid-file-control.ts';
import type { ManagedBroker } from '../../shared/model/broker-files.ts';
import { localShell } from './local-shell.ts';
import { brokerDirectory, processTarget } from './push-scene.ts';

export type BrokerPlace = {
  /** Each call is another console's way to the same broker. */
  readonly target: () => ManagedBroker;
  readonly staged: (name: string) => string;
  readonly live: (name: string) => string;
  /** Ends the broker as a crash would. */
  readonly kill: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

/** Called once for a broker of a console that ended, which has not been pushed to yet. */
export type OpenPlace = (dataDirectory: string, brokerId: string) => Promise<BrokerPlace>;

async function killFrom(pidFile: string): Promise<void> {
  process.kill(Number(await readFile(pidFile, 'utf8')), 'SIGKILL');
}

const onThisMachine: OpenPlace = async (dataDirectory, brokerId) => {
  const directory = brokerDirectory(dataDirectory, brokerId);
  const target = processTarget(dataDirectory, brokerId);
  return {
    target: () => target,
    staged: (name) => join(directory, 'push', 'staged', name),
    live: (name) => join(directory, 'live', name),
    kill: () => killFrom(join(directory, 'mosquitto.pid')),
    remove: () => target.stop(),
  };
};

const behindAShell: OpenPlace = async () => {
  const root = await mkdtemp(join(tmpdir(), 'voke-shell-broker-'));
  const directory = join(root, 'config');
  await mkdir(directory, { mode: 0o700 });
  const pidFile = join(root, 'mosquitto.pid');
  const host = localShell(['sh', '-s']);
  const control = new PidFileControl(host, pidFile, directory);
  const target = () =>
    new ShellTarget({
      host,
      control,
      configDirectory: directory,
      owner: null,
      // As root, Mosquitto would become somebody who may not read the files.
      account: process.getuid?.() === 0 ? 'root' : null,
      jwtPlugin: async () => null,
    });
  return {
    target,
    staged: (name) => join(directory, '.voke', 'push', 'staged', name),
    live: (name) => join(directory, name),
    kill: () => killFrom(pidFile),
    remove: async () => {
      await control.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
};

export const brokerPlaces = { 'on this machine': onThisMachine, 'behind a shell': behindAShell } as const;
