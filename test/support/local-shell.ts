// A shell of this machine as the way to a broker: what SSH and a container's exec end in.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ShellHost } from '../../electron/broker/targets/shell-host.ts';

export type LocalShell = ShellHost & {
  /** How many bytes of scripts were sent so far. */
  readonly sent: () => number;
};

/** `command`: such as `['sh', '-s']`, or `['busybox', 'sh', '-s']`. `cutAfter`: bytes of each script that arrive. */
export function localShell(command: readonly string[], { cutAfter = Infinity } = {}): LocalShell {
  let sent = 0;
  return {
    sent: () => sent,
    async run(script) {
      const [program = 'sh', ...args] = command;
      const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
      const chunks: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
      child.stdout.on('data', (chunk: Buffer) => chunks.stdout.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => chunks.stderr.push(chunk));
      child.stdin.on('error', () => {});
      const bytes = Buffer.from(script).subarray(0, cutAfter);
      sent += bytes.length;
      child.stdin.end(bytes);
      const [exitCode] = await once(child, 'close');
      return {
        stdout: Buffer.concat(chunks.stdout).toString('utf8'),
        stderr: Buffer.concat(chunks.stderr).toString('utf8'),
        exitCode,
      };
    },
  };
}
