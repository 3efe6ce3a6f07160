// A broker whose files and process are reached through a shell: over SSH, or inside a container.

import { posix } from 'node:path';
import type {
  BrokerDescription,
  BrokerFiles,
  BrokerPush,
  BrokerSession,
  Generation,
  ManagedBroker,
  PushMark,
} from '../../../shared/model/broker-files.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { redact } from '../../platform/log.ts';
import { quote } from '../../remote/shell/script.ts';
import { keptEvents, messageLinePattern } from '../event-lines.ts';
import { fileNames } from '../file-names.ts';
import { logsSessions, SessionLog, sessionLinePattern } from '../session-log.ts';
import { parseBrokerVersion } from '../version.ts';
import { ShellPush } from './shell/shell-push.ts';
import { ShellStore } from './shell/shell-store.ts';
import type { BrokerControl, ShellHost } from './shell-host.ts';

const logLines = 200;
/** Of comings and goings; a broker that saw more since its start is not known to the end. */
const sessionLines = 50_000;
const searchedForSessions = 200_000;
/** Of a log that is asked every few seconds; a broker may well write thousands of lines in them. */
const searchedForEvents = 20_000;
const timeoutMs = 15_000;

export type ShellTargetOptions = {
  readonly host: ShellHost;
  readonly control: BrokerControl;
  /** Absolute, of plain characters, as the host sees it. */
  readonly configDirectory: string;
  /** The same directory as the broker sees it, where that is another path: a mount in a container. */
  readonly brokerDirectory?: string | undefined;
  /** Whom the files belong to: `mosquitto`, `1883:1883`; null leaves them to whoever runs the scripts. */
  readonly owner: string | null;
  /** The account named in mosquitto.conf; null leaves it to Mosquitto. */
  readonly account: string | null;
  /** Where the broker has the plugin of the token listener; null where it has none that it can load. */
  readonly jwtPlugin: () => Promise<string | null>;
  /** Ends the way to the host. */
  readonly close?: () => Promise<void>;
};

export class ShellTarget implements ManagedBroker {
  readonly #options: ShellTargetOptions;
  readonly #store: ShellStore;

  constructor(options: ShellTargetOptions) {
    this.#options = options;
    this.#store = new ShellStore({
      host: options.host,
      directory: options.configDirectory,
      owner: options.owner,
      names: Object.values(fileNames),
    });
  }

  /** Throws `broker/unsupported-version`, and what the way to the host throws. */
  async describe(): Promise<BrokerDescription> {
    const { control, configDirectory, brokerDirectory, jwtPlugin, account } = this.#options;
    const { version, line, notices } = parseBrokerVersion(await control.version());
    return {
      state: (await control.isRunning()) ? 'running' : 'stopped',
      version,
      line,
      notices,
      configDirectory: brokerDirectory ?? configDirectory,
      jwtPlugin: await jwtPlugin(),
      account,
    };
  }

  current(): Promise<BrokerFiles | undefined> {
    return this.#store.read();
  }

  async open(mark: Omit<PushMark, 'step'>): Promise<BrokerPush> {
    const signed = { ...mark, wasRunning: await this.#options.control.isRunning() };
    await this.#store.open(signed);
    return new ShellPush(this.#store, this.#options.control, signed);
  }

  async unfinished(): Promise<PushMark | undefined> {
    const mark = await this.#store.mark();
    if (mark === undefined) return undefined;
    const { wasRunning: _, ...shown } = mark;
    return shown;
  }

  async adopt(pushId: string): Promise<BrokerPush> {
    const mark = await this.#store.mark();
    if (mark?.pushId !== pushId) throw new ConsoleError('broker/no-such-push', { details: { pushId } });
    return new ShellPush(this.#store, this.#options.control, mark);
  }

  generations(): Promise<readonly Generation[]> {
    return this.#store.generations();
  }

  readGeneration(generationId: string): Promise<BrokerFiles> {
    return this.#store.readGeneration(generationId);
  }

  async sessions(): Promise<readonly BrokerSession[] | undefined> {
    const { control, host, configDirectory } = this.#options;
    if (!(await control.isRunning())) return [];
    const { line } = parseBrokerVersion(await control.version());
    const { stdout } = await host.run(`cat ${quote(posix.join(configDirectory, fileNames.conf))}\n`, { timeoutMs });
    if (!logsSessions(stdout, line)) return undefined;
    const log = new SessionLog();
    const lines = await control.search({
      pattern: sessionLinePattern,
      wants: 'matching',
      within: searchedForSessions,
      lines: sessionLines,
    });
    for (const text of lines) log.take(text);
    return log.sessions();
  }

  stop(): Promise<void> {
    return this.#options.control.stop();
  }

  /** The broker goes on: it has a life of its own. */
  async release(): Promise<void> {
    await this.#options.close?.();
  }

  async log(): Promise<readonly string[]> {
    return (await this.#options.control.log(logLines)).map((line) => String(redact(line)));
  }

  async eventLog(): Promise<readonly string[]> {
    const lines = await this.#options.control.search({
      pattern: messageLinePattern,
      wants: 'others',
      within: searchedForEvents,
      lines: keptEvents,
    });
    return lines.map((line) => String(redact(line)));
  }
}
