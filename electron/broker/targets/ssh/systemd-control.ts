// A Mosquitto that systemd runs as a service.

import { ConsoleError } from '../../../../shared/model/errors.ts';
import { quote } from '../../../remote/shell/script.ts';
import type { BrokerControl, LogSearch, ShellHost } from '../shell-host.ts';
import { ask, askVersion, complaint, linesOf, search, tell } from './ask.ts';

export class SystemdControl implements BrokerControl {
  readonly #host: ShellHost;
  readonly #unit: string;

  /** `unit`: such as `mosquitto.service`. */
  constructor(host: ShellHost, unit: string) {
    this.#host = host;
    this.#unit = quote(unit);
  }

  version(): Promise<string> {
    return askVersion(this.#host);
  }

  /** A unit that systemd starts again and again is `activating` in between, and does not count. */
  async isRunning(): Promise<boolean> {
    const text = await tell(this.#host, `systemctl show --property=LoadState,ActiveState ${this.#unit}`);
    if (/^LoadState=(not-found|masked)$/m.test(text))
      throw new ConsoleError('broker/unit-missing', { because: this.#unit, details: { unit: this.#unit } });
    return /^ActiveState=(active|reloading)$/m.test(text);
  }

  /** A unit without ExecReload gets the signal all the same. */
  async reload(): Promise<void> {
    await tell(
      this.#host,
      `systemctl reload ${this.#unit} || systemctl kill --signal=HUP --kill-who=main ${this.#unit}`,
    );
  }

  /** Also one that systemd has given up starting. */
  async restart(): Promise<void> {
    const result = await ask(
      this.#host,
      `systemctl reset-failed ${this.#unit} 2>/dev/null\nsystemctl restart ${this.#unit}`,
    );
    if (result.exitCode === 0) return;
    const lines = await this.log(10).catch(() => []);
    const because = lines.find((line) => line.includes('Error: ')) ?? lines.at(-1);
    const { message } = complaint('broker/start-failed', result);
    throw new ConsoleError('broker/start-failed', {
      because: because ?? message,
      details: { log: lines },
    });
  }

  async stop(): Promise<void> {
    await tell(this.#host, `systemctl stop ${this.#unit}`);
  }

  search(wanted: LogSearch): Promise<readonly string[]> {
    const journal = `journalctl --quiet --unit=${this.#unit} --lines=$lines --no-pager --output=cat 2>/dev/null`;
    return search(this.#host, journal, wanted);
  }

  /** The journal; whoever may not read it sees an empty one. */
  async log(lines: number): Promise<readonly string[]> {
    const { stdout } = await ask(
      this.#host,
      `journalctl --unit=${this.#unit} --lines=${lines} --no-pager --output=cat 2>/dev/null`,
    );
    return linesOf(stdout).filter((line) => line !== '-- No entries --');
  }
}
