// A console that was killed leaves its mosquitto running, with the ports taken. The next console ends it, but only
// when the process with the noted id really runs the noted configuration: ids are used again.

import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { writeFileAtomically } from '../../platform/files.ts';

const waitMs = 50;
const maxWaits = 100;

export async function notePid(pidFile: string, pid: number): Promise<void> {
  await writeFileAtomically(pidFile, `${pid}\n`);
}

export async function forgetPid(pidFile: string): Promise<void> {
  await rm(pidFile, { force: true });
}

/** Whether an earlier console left a mosquitto behind. */
export async function orphanRuns(pidFile: string, confPath: string): Promise<boolean> {
  return (await findOrphan(pidFile, confPath)) !== undefined;
}

/** Ends the mosquitto that an earlier console left behind, if there is one. */
export async function endOrphan(pidFile: string, confPath: string): Promise<void> {
  const pid = await findOrphan(pidFile, confPath);
  if (pid !== undefined) {
    process.kill(pid, 'SIGTERM');
    for (let i = 0; i < maxWaits && (await commandLine(pid)).includes(confPath); i++) await delay(waitMs);
  }
  await forgetPid(pidFile);
}

async function findOrphan(pidFile: string, confPath: string): Promise<number | undefined> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  const isOurs = Number.isInteger(pid) && pid > 1 && (await commandLine(pid)).includes(confPath);
  return isOurs ? pid : undefined;
}

/** Empty when there is no such process, or no way to ask. */
async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return new Promise((resolve) => {
    execFile('ps', ['-p', String(pid), '-o', 'args='], (error, stdout) => resolve(error === null ? stdout : ''));
  });
}
