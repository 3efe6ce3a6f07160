// Devices for scripts on a stick: a shell with the tools of a kind of device, a place for the stick, and nobody logged in.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './processes.ts';
import { programPath } from './requirements.ts';

export type StickDevice = {
  /** Where a path of the device lies on this machine. */
  readonly locally: (path: string) => string;
  /** How the device itself calls that path. */
  readonly seenAs: (path: string) => string;
  /** `sh <path>` on the device, with these lines on its standard input. */
  run(path: string, ...lines: readonly string[]): Promise<StickRun>;
  /** Has the device's `mv` do `then` behind its n-th call from now on; 0 for never. */
  afterMove(n: number, then: string): Promise<void>;
  stop(): Promise<void>;
};
export type StickRun = { readonly exitCode: number | null; readonly said: string };

/** The applets of a small PLC: no `install`, no `stat`. */
const applets =
  `[ cat chmod chown cmp cp cut date dd df echo grep head id kill ln ls mkdir mount mv ps pwd readlink rm rmdir
  sed sh sha256sum sleep sort stty sync tail test touch tr umount uname wc`.split(/\s+/);

/** A root file system of BusyBox and an openssl without configuration. Needs root for chroot. */
export async function busyBoxDevice(): Promise<StickDevice> {
  const root = await mkdtemp(join(tmpdir(), 'voke-stick-'));
  const inside = (path: string) => join(root, path);
  for (const path of ['bin', 'dev', 'etc', 'tmp', 'media/usb']) await mkdir(inside(path), { recursive: true });
  await copyProgram(programPath('busybox'), root, '/bin/busybox');
  await copyProgram(programPath('openssl'), root, '/bin/openssl');
  for (const applet of applets) await symlink('busybox', inside(`bin/${applet}`));
  await run('mknod', ['-m', '666', inside('dev/null'), 'c', '1', '3']);
  await writeFile(inside('etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  await writeFile(inside('etc/group'), 'root:x:0:\n');
  return device({
    locally: inside,
    command: [programPath('chroot'), root, '/bin/sh'],
    path: '/bin',
    seenAs: (path) => path,
    bin: inside('bin'),
    binOnDevice: '/bin',
    real: '/bin/busybox mv',
    remove: () => rm(root, { recursive: true, force: true }),
  });
}

/** This machine's dash and GNU tools; paths are below a folder of its own. */
export async function dashDevice(): Promise<StickDevice> {
  const root = await mkdtemp(join(tmpdir(), 'voke-stick-'));
  await mkdir(join(root, 'bin'));
  await mkdir(join(root, 'media/usb'), { recursive: true });
  return device({
    locally: (path) => (path.startsWith(root) ? path : join(root, path)),
    command: [programPath('dash')],
    path: `${join(root, 'bin')}:${process.env.PATH}`,
    seenAs: (path) => join(root, path),
    bin: join(root, 'bin'),
    binOnDevice: join(root, 'bin'),
    real: programPath('mv'),
    remove: () => rm(root, { recursive: true, force: true }),
  });
}

function device(parts: {
  readonly locally: (path: string) => string;
  readonly command: readonly string[];
  readonly path: string;
  /** How the device itself calls one of its paths. */
  readonly seenAs: (path: string) => string;
  readonly bin: string;
  readonly binOnDevice: string;
  readonly real: string;
  readonly remove: () => Promise<void>;
}): StickDevice {
  const { locally, command, path: searched, seenAs, bin, binOnDevice, real } = parts;
  return {
    locally,
    seenAs,
    async run(path, ...lines) {
      const [program = '', ...args] = command;
      const child = spawn(program, [...args, seenAs(path)], {
        stdio: ['pipe', 'ignore', 'pipe'],
        env: { PATH: searched },
      });
      const said: Buffer[] = [];
      child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
      child.stdin.on('error', () => {});
      child.stdin.end(lines.map((line) => `${line}\n`).join(''));
      const [exitCode] = await once(child, 'close');
      return { exitCode, said: Buffer.concat(said).toString('utf8') };
    },
    async afterMove(n, then) {
      const count = join(binOnDevice, '.count');
      await rm(join(bin, '.count'), { force: true });
      await rm(join(bin, 'mv'), { force: true });
      await writeFile(
        join(bin, 'mv'),
        `#!/bin/sh
${real} "$@" || exit
n=$(($(cat ${count} 2>/dev/null || echo 0) + 1))
echo $n >${count}
if [ "$n" = ${n} ]; then
${then}
fi
`,
        { mode: 0o755 },
      );
    },
    stop: parts.remove,
  };
}

/** Copies a program with the libraries that `ldd` names, each to the same path. */
async function copyProgram(program: string, root: string, target: string): Promise<void> {
  const libraries = [...(await run('ldd', [program])).matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] ?? '');
  for (const [from, to] of [[program, target] as const, ...libraries.map((path) => [path, path] as const)]) {
    await mkdir(dirname(join(root, to)), { recursive: true });
    await cp(from, join(root, to), { dereference: true });
  }
}
