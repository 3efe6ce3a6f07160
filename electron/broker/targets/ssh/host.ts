// The way to a broker's host over SSH. One connection serves what belongs together: a push is a dozen scripts, and each
// login is a chance to be locked out. It ends by itself when nothing follows.
// A login that was refused is not tried again for a while: the console looks at its brokers by itself, and must not
// lock an account by looking.

import { ConsoleError, type ErrorCode } from '../../../../shared/model/errors.ts';
import { connect, type RemoteTarget } from '../../../remote/connect.ts';
import { RootShell } from '../../../remote/root-shell.ts';
import type { RemoteSession, RunOptions, ScriptResult } from '../../../remote/session.ts';
import type { ShellHost } from '../shell-host.ts';

const idleMs = 15_000;
const refusalMs = 60_000;
const refusals: readonly ErrorCode[] = ['remote/authentication-failed', 'remote/wrong-sudo-password'];

export type SshHostOptions = {
  /** Asked for each connection; throws what keeps it from being made. */
  readonly way: () => RemoteTarget;
  /** The password for sudo, undefined where it asks for none. Left out: scripts run as the login. */
  readonly sudo: (() => string | undefined) | undefined;
};

type Connection = { readonly session: RemoteSession; readonly shell: Pick<RootShell, 'run'> };

export class SshHost implements ShellHost {
  readonly #options: SshHostOptions;
  #connection: Promise<Connection> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #running = 0;
  #refusal: { readonly error: ConsoleError; readonly until: number } | undefined;

  constructor(options: SshHostOptions) {
    this.#options = options;
  }

  /** Throws `remote/*`. */
  async run(script: string, options: RunOptions): Promise<ScriptResult> {
    clearTimeout(this.#idle);
    this.#running += 1;
    try {
      const { shell } = await this.#open();
      return await shell.run(script, options);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#idle = setTimeout(() => this.close(), idleMs).unref();
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.then(
      ({ session }) => session.close(),
      () => {},
    );
  }

  async #open(): Promise<Connection> {
    const known = await this.#connection?.catch(() => undefined);
    if (known?.session.isOpen) return known;
    if (this.#refusal !== undefined && Date.now() < this.#refusal.until) throw this.#refusal.error;
    const opening = this.#logIn();
    this.#connection = opening;
    return opening;
  }

  async #logIn(): Promise<Connection> {
    const { way, sudo } = this.#options;
    try {
      const session = await connect(way());
      try {
        if (sudo !== undefined)
          return { session, shell: await RootShell.open(session, { program: 'sudo', password: sudo() }) };
      } catch (error) {
        session.close();
        throw error;
      }
      return { session, shell: { run: (script, options) => session.runScript(script, options) } };
    } catch (error) {
      if (error instanceof ConsoleError && refusals.includes(error.code))
        this.#refusal = { error, until: Date.now() + refusalMs };
      throw error;
    }
  }
}
