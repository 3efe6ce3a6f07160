// A device to practise on: an SSH server on loopback whose file system is a temporary folder.
// - It answers `sh -s` and nothing else: no other command, no terminal, no SFTP, no forwarding.
// - Its shell is the real one of this machine and runs as the console's own user; the folder is where it starts,
//   not a jail. So the login is one user with a random password, compared in constant time, three tries a connection.
// - What it started ends with it, and its folder goes.

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type AuthContext, type Connection, type Server, type ServerChannel } from 'ssh2';
import { ConsoleError } from '../../shared/model/errors.ts';
import { randomAlphanumeric } from '../platform/random.ts';
import { newHostKey } from './host-key.ts';

const loginTries = 3;

export class PracticeDevice {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** SHA-256 of the host key in base64 without padding. */
  readonly hostKeyFingerprint: string;
  /** Where a deployment goes: an absolute path below the device's root folder. */
  readonly directory: string;
  readonly #machine: Machine;

  private constructor(machine: Machine, port: number) {
    this.#machine = machine;
    this.port = port;
    this.username = machine.username;
    this.password = machine.password;
    this.hostKeyFingerprint = machine.hostKeyFingerprint;
    this.directory = join(machine.root, 'etc', 'voke');
  }

  /** Starts a device on a free port. Throws `host/unsupported` on Windows, which has no POSIX shell. */
  static async start(): Promise<PracticeDevice> {
    if (process.platform === 'win32') {
      throw new ConsoleError('host/unsupported', { because: 'the practice device needs a POSIX shell' });
    }
    // The real path: a deployment refuses symbolic links, and macOS keeps its temporary folder behind one.
    const machine = new Machine(await realpath(await mkdtemp(join(tmpdir(), 'voke-practice-device-'))));
    return new PracticeDevice(machine, await machine.listen());
  }

  /** Ends every connection and every process it started, and removes its folder. */
  stop(): Promise<void> {
    return this.#machine.stop();
  }
}

/** The running parts: server, connections, shells. */
class Machine {
  readonly root: string;
  readonly username = 'admin';
  readonly password = randomAlphanumeric(24);
  readonly hostKeyFingerprint: string;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  readonly #shells = new Set<ChildProcess>();

  constructor(root: string) {
    this.root = root;
    const hostKey = newHostKey();
    const blob = Buffer.from(hostKey.public.split(' ')[1] ?? '', 'base64');
    this.hostKeyFingerprint = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
    this.#server = new ssh2.Server({ hostKeys: [hostKey.private] }, (connection) => this.#serve(connection));
  }

  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections) connection.end();
    await Promise.all([...this.#shells].map(endProcessGroup));
    await closed;
    await rm(this.root, { recursive: true, force: true });
  }

  #serve(connection: Connection): void {
    this.#connections.add(connection);
    connection.on('close', () => this.#connections.delete(connection));
    connection.on('error', () => connection.end());
    let tries = 0;
    connection.on('authentication', (context) => {
      if (context.method === 'none') return context.reject(['password']);
      if (this.#isLogin(context)) return context.accept();
      tries += 1;
      context.reject(['password']);
      if (tries >= loginTries) connection.end();
    });
    connection.on('session', (accept) => {
      accept().on('exec', (acceptCommand, rejectCommand, { command }) => {
        if (command === 'sh -s') this.#runShell(acceptCommand());
        else rejectCommand();
      });
    });
  }

  #isLogin(context: AuthContext): boolean {
    if (context.method !== 'password') return false;
    const userFits = sameText(context.username, this.username);
    const passwordFits = sameText(context.password, this.password);
    return userFits && passwordFits;
  }

  #runShell(channel: ServerChannel): void {
    const shell = spawn('/bin/sh', ['-s'], {
      cwd: this.root,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: this.root, LC_ALL: 'C' },
      detached: true,
    });
    this.#shells.add(shell);
    channel.on('error', () => {});
    shell.stdin.on('error', () => {});
    channel.pipe(shell.stdin);
    shell.stdout.pipe(channel, { end: false });
    shell.stderr.pipe(channel.stderr, { end: false });
    shell.on('error', () => channel.close());
    shell.on('close', (code) => {
      this.#shells.delete(shell);
      channel.exit(code ?? 255);
      channel.end();
    });
  }
}

/** Kills a shell with all it started; it leads a process group of its own. */
async function endProcessGroup(shell: ChildProcess): Promise<void> {
  if (shell.pid === undefined || shell.exitCode !== null || shell.signalCode !== null) return;
  const ended = new Promise((resolve) => shell.once('exit', resolve));
  process.kill(-shell.pid, 'SIGKILL');
  await ended;
}

/** Compares digests under a key of its own, so that neither length nor content shows in the time it takes. */
function sameText(a: string, b: string): boolean {
  const salt = randomBytes(16);
  const digest = (text: string) => createHash('sha256').update(salt).update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
