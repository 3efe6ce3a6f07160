// Root rights for a login that has sudo or doas.
// - sudo's password is the first line of standard input, never part of a command line.
// - `-k` makes sudo ask although it was right a moment ago, so what was sent is also what is read. Where sudo still does
//   not ask (NOPASSWD), a loop outside of any shell's history skips lines up to the mark: the password is never taken
//   for a command.
// - A wrong password is offered once: it is tried alone first, with nothing behind it that sudo could take for a second
//   try.
// - doas asks a terminal and nobody else, so it serves where its rule says `nopass` (doas.conf(5)). `-n` has it fail
//   otherwise.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { RemoteSession, RunOptions, ScriptResult } from './session.ts';

/** `password`: left out, sudo is expected to ask for none. */
export type RootRights =
  | { readonly program: 'sudo'; readonly password?: string | undefined }
  | { readonly program: 'doas' };

const mark = '#voke-begin';
const sudo = `env LC_ALL=C sudo -k -S -p ''`;
const doas = 'env LC_ALL=C doas -n';
/** `read` takes standard input byte by byte, so the shell after it begins right behind the mark. */
const skipping = `sh -c 'while IFS= read -r line; do [ "$line" != "${mark}" ] || exec sh -s; done; exit 1'`;
const mayI = `sh -c 'exit 0'`;
const checkTimeoutMs = 30_000;

/** Runs scripts as root. */
export class RootShell {
  readonly #session: RemoteSession;
  readonly #command: string;
  readonly #prefix: string;

  private constructor(session: RemoteSession, command: string, prefix: string) {
    this.#session = session;
    this.#command = command;
    this.#prefix = prefix;
  }

  /**
   * Makes sure of the right, with one try of the password. Throws `remote/wrong-sudo-password`, and when the login may
   * not or there is no such program `remote/no-sudo` or `remote/no-doas`.
   */
  static async open(session: RemoteSession, rights: RootRights): Promise<RootShell> {
    switch (rights.program) {
      case 'sudo': {
        const { password = '' } = rights;
        await checkSudo(session, password);
        return new RootShell(session, `${sudo} ${skipping}`, `${password}\n${mark}\n`);
      }
      case 'doas':
        await checkDoas(session);
        return new RootShell(session, `${doas} sh -s`, '');
    }
  }

  run(script: string, options: RunOptions): Promise<ScriptResult> {
    return this.#session.run(this.#command, `${this.#prefix}${script}`, options);
  }
}

async function checkSudo(session: RemoteSession, password: string): Promise<void> {
  if (/[\n\r\0]/.test(password)) throw new ConsoleError('remote/wrong-sudo-password');
  const { exitCode, stderr } = await session.run(`${sudo} ${mayI}`, `${password}\n`, { timeoutMs: checkTimeoutMs });
  if (exitCode === 0) return;
  if (/incorrect password|no password was provided|a password is required|Sorry, try again/.test(stderr))
    throw new ConsoleError('remote/wrong-sudo-password');
  throw new ConsoleError('remote/no-sudo', { details: { reason: firstLine(stderr) } });
}

async function checkDoas(session: RemoteSession): Promise<void> {
  const { exitCode, stderr } = await session.run(`${doas} ${mayI}`, '', { timeoutMs: checkTimeoutMs });
  if (exitCode !== 0) throw new ConsoleError('remote/no-doas', { details: { reason: firstLine(stderr) } });
}

/** The program's own complaint; it repeats no password. */
const firstLine = (stderr: string): string =>
  stderr
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.slice(0, 200) ?? '';
