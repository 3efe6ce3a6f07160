// A Mosquitto in a container on the host at the other end, told by that host's own docker or podman.
// SIGHUP is sent from inside: the engine's kill would mark the container as stopped by hand.

import { posix } from 'node:path';
import { ConsoleError, type ErrorCode } from '../../../../shared/model/errors.ts';
import type { ScriptResult } from '../../../remote/session.ts';
import { quote } from '../../../remote/shell/script.ts';
import { fileNames } from '../../file-names.ts';
import type { BrokerControl, LogSearch, ShellHost } from '../shell-host.ts';
import { ask, complaint, linesOf, search } from './ask.ts';

const complaints: readonly { readonly pattern: RegExp; readonly code: ErrorCode }[] = [
  { pattern: /no such (object|container)|no container with name/i, code: 'broker/container-missing' },
  { pattern: /permission denied/i, code: 'broker/engine-forbidden' },
  { pattern: /cannot connect to|is the docker daemon running|not found/i, code: 'broker/engine-not-running' },
];

/** No script of ours has such a line. */
const endOfInside = 'END-OF-INSIDE';

export class ContainerControl implements BrokerControl {
  readonly #host: ShellHost;
  readonly #runtime: 'docker' | 'podman';
  readonly #name: string;

  constructor(host: ShellHost, runtime: 'docker' | 'podman', name: string) {
    this.#host = host;
    this.#runtime = runtime;
    this.#name = quote(name);
  }

  /** Also of one that does not run: asked in a short-lived container of its image. */
  async version(): Promise<string> {
    const { stdout } = (await this.isRunning())
      ? await ask(this.#host, `${this.#runtime} exec ${this.#name} mosquitto -h`)
      : await ask(
          this.#host,
          `${this.#runtime} run --rm --network none --entrypoint mosquitto "$(${this.#inspect('{{.Image}}')})" -h`,
        );
    if (stdout.trim() === '') throw new ConsoleError('broker/mosquitto-missing', { because: 'in the container' });
    return stdout;
  }

  async isRunning(): Promise<boolean> {
    return (await this.#tell(this.#inspect('{{.State.Running}} {{.State.Restarting}}'))).trim() === 'true false';
  }

  async reload(): Promise<void> {
    await this.#tell(`${this.#runtime} exec --user 0 ${this.#name} kill -HUP 1`);
  }

  async restart(): Promise<void> {
    await this.#tell(`${this.#runtime} restart ${this.#name} >/dev/null`);
  }

  async stop(): Promise<void> {
    await this.#tell(`${this.#runtime} stop ${this.#name} >/dev/null`);
  }

  async log(lines: number): Promise<readonly string[]> {
    const { stdout } = await ask(this.#host, `${this.#runtime} logs --tail ${lines} ${this.#name} 2>&1`);
    return linesOf(stdout);
  }

  search(wanted: LogSearch): Promise<readonly string[]> {
    return search(this.#host, `${this.#runtime} logs --tail $lines ${this.#name} 2>&1`, wanted);
  }

  /**
   * Where the host has a directory of the container, so that its files can be reached also while the container is down.
   * Throws `broker/not-mounted`, and `broker/single-file-mount`: a file that is mounted by itself cannot be replaced.
   */
  async hostPath(directory: string): Promise<string> {
    const text = await this.#tell(this.#inspect('{{range .Mounts}}{{println .Destination .Source}}{{end}}'));
    const mounts = linesOf(text).map((line) => {
      const [destination = '', ...source] = line.split(' ');
      return { destination, source: source.join(' ') };
    });
    if (mounts.some(({ destination }) => destination === posix.join(directory, fileNames.conf)))
      throw new ConsoleError('broker/single-file-mount', { details: { directory } });
    const holding = mounts
      .filter(({ destination }) => directory === destination || directory.startsWith(`${destination}/`))
      .sort((a, b) => b.destination.length - a.destination.length)[0];
    if (holding === undefined) throw new ConsoleError('broker/not-mounted', { details: { directory } });
    return posix.join(holding.source, directory.slice(holding.destination.length));
  }

  /**
   * A shell that sees what the container sees, for what only it can tell; while it is down, in a short-lived container of
   * its image with its volumes.
   */
  async inside(): Promise<ShellHost> {
    const enter = (await this.isRunning())
      ? `${this.#runtime} exec --interactive --user 0 ${this.#name} sh -s`
      : `${this.#runtime} run --rm --interactive --user 0 --network none --volumes-from ${this.#name}:ro --entrypoint sh "$(${this.#inspect('{{.Image}}')})" -s`;
    return {
      run: (script, options) => this.#host.run(`${enter} <<'${endOfInside}'\n${script}\n${endOfInside}\n`, options),
    };
  }

  #inspect(format: string): string {
    return `${this.#runtime} inspect --type container --format ${quote(format)} ${this.#name}`;
  }

  async #tell(script: string): Promise<string> {
    const result = await ask(this.#host, script);
    if (result.exitCode === 0) return result.stdout;
    throw complaint(codeOf(result), result);
  }
}

const codeOf = ({ stderr }: ScriptResult): ErrorCode =>
  complaints.find(({ pattern }) => pattern.test(stderr))?.code ?? 'broker/not-controllable';
