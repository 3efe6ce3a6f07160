// Root rights for a login that has sudo.
// - The password is the first line of standard input, never part of a command line.
// - `-k` makes sudo ask although it was right a moment ago, so what was sent is also what is read. Where sudo still does
//   not ask (NOPASSWD), a loop outside of any shell's history skips lines up to the mark: the password is never taken
//   for a command.
// - A wrong password is offered once: it is tried alone first, with nothing behind it that sudo could take for a second
//   try.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { RemoteSession, RunOptions, ScriptResult } from './session.ts';

const mark = '#voke-begin';
/** `read` takes standard input byte by byte, so the shell after it begins right behind the mark. */
const rootShell = `env LC_ALL=C sudo -k -S -p '' sh -c 'while IFS= read -r line; do [ "$line" != "${mark}" ] || exec sh -s; done; exit 1'`;
const mayI = `env LC_ALL=C sudo -k -S -p '' sh -c 'exit 0'`;
const checkTimeoutMs = 30_000;

/** Runs scripts as root. */
export class RootShell {
  readonly #session: RemoteSession;
  readonly #password: string;

  private constructor(session: RemoteSession, password: string) {
    this.#session = session;
    this.#password = password;
  }

  /**
   * Makes sure of the right, with one try of the password.
   * Throws `remote/wrong-sudo-password`, `remote/no-sudo` when the login may not or there is no sudo.
   */
  static async open(session: RemoteSession, password = ''): Promise<RootShell> {
    if (/[\n\r\0]/.test(password)) throw new ConsoleError('remote/wrong-sudo-password');
    const { exitCode, stderr } = await session.run(mayI, `${password}\n`, { timeoutMs: checkTimeoutMs });
    if (exitCode === 0) return new RootShell(session, password);
    if (/incorrect password|no password was provided|a password is required|Sorry, try again/.test(stderr))
      throw new ConsoleError('remote/wrong-sudo-password');
    throw new ConsoleError('remote/no-sudo', { details: { reason: firstLine(stderr) } });
  }

  run(script: string, options: RunOptions): Promise<ScriptResult> {
    return this.#session.run(rootShell, `${this.#password}\n${mark}\n${script}`, options);
  }
}

/** Sudo's own complaint; it repeats no password. */
const firstLine = (stderr: string): string =>
  stderr
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.slice(0, 200) ?? '';
