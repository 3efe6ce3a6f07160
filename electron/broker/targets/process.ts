// A local mosquitto that the console starts, watches, and stops with itself.
// Its files lie in generations below one private directory; its configuration names `live/`, whichever set that is.

import { join } from 'node:path';
import type { BrokerState } from '../../../shared/model/broker.ts';
import type {
  BrokerDescription,
  BrokerFiles,
  BrokerPush,
  BrokerSession,
  Generation,
  ManagedBroker,
  PushMark,
  PushNeed,
} from '../../../shared/model/broker-files.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { type ConfListener, parseConf } from '../../../shared/model/mosquitto/conf.ts';
import { RecentLines } from '../../platform/recent-lines.ts';
import { EventLines } from '../event-lines.ts';
import { fileNames } from '../file-names.ts';
import { logsSessions, SessionLog } from '../session-log.ts';
import type { BrokerVersion } from '../version.ts';
import { Generations } from './generations.ts';
import { assertPortFree } from './listener-address.ts';
import { MosquittoProcess } from './mosquitto-process.ts';
import { findJwtPlugin, findMosquitto, readVersion } from './mosquitto-program.ts';
import { endOrphan, forgetPid, notePid, orphanRuns } from './orphan.ts';
import { ProcessPush } from './process-push.ts';

export type ProcessTargetOptions = {
  /** Private to this broker; made when it is missing. */
  readonly directory: string;
  /** Absolute path of mosquitto; otherwise it is looked for on PATH and in the usual places. */
  readonly program?: string | undefined;
  /** Absolute path of the plugin of the token listener; otherwise it is looked for in the usual places. */
  readonly jwtPlugin?: string | undefined;
};

export class ProcessTarget implements ManagedBroker {
  readonly #options: ProcessTargetOptions;
  readonly #generations: Generations;
  readonly #pidFile: string;
  readonly #log = new RecentLines();
  readonly #events = new EventLines();
  #sessions = new SessionLog();
  #process: MosquittoProcess | undefined;
  #listeners: readonly ConfListener[] = [];
  #hasFailed = false;

  constructor(options: ProcessTargetOptions) {
    this.#options = options;
    this.#generations = new Generations(options.directory);
    this.#pidFile = join(options.directory, 'mosquitto.pid');
  }

  /** Throws `broker/mosquitto-missing`, `broker/unsupported-version`. */
  async describe(): Promise<BrokerDescription> {
    const { version, line, notices } = await this.#version();
    return {
      state: await this.#state(),
      version,
      line,
      notices,
      configDirectory: this.#generations.liveDirectory,
      jwtPlugin: await findJwtPlugin(await this.#program(), this.#options.jwtPlugin),
      // As root, Mosquitto would become `mosquitto`, which may not read the console's private files.
      account: process.getuid?.() === 0 ? 'root' : null,
    };
  }

  current(): Promise<BrokerFiles | undefined> {
    return this.#generations.read();
  }

  async open(mark: Omit<PushMark, 'step'>): Promise<BrokerPush> {
    const wasRunning = this.#isRunning || (await this.#hasOrphan());
    await this.#generations.open({ ...mark, step: 'opened', wasRunning });
    return this.#push(wasRunning);
  }

  async unfinished(): Promise<PushMark | undefined> {
    const mark = await this.#generations.mark();
    if (mark === undefined) return undefined;
    const { wasRunning: _, ...shown } = mark;
    return shown;
  }

  async adopt(pushId: string): Promise<BrokerPush> {
    const mark = await this.#generations.mark();
    if (mark?.pushId !== pushId) throw new ConsoleError('broker/no-such-push', { details: { pushId } });
    return this.#push(mark.wasRunning);
  }

  generations(): Promise<readonly Generation[]> {
    return this.#generations.list();
  }

  readGeneration(generationId: string): Promise<BrokerFiles> {
    return this.#generations.readGeneration(generationId);
  }

  /** Also ends one that an earlier console left behind. */
  async stop(): Promise<void> {
    this.#hasFailed = false;
    if (this.#process === undefined) return endOrphan(this.#pidFile, this.#confPath);
    await this.#process.stop();
    this.#process = undefined;
    await forgetPid(this.#pidFile);
  }

  release(): Promise<void> {
    return this.stop();
  }

  async log(): Promise<readonly string[]> {
    return this.#log.all();
  }

  async eventLog(): Promise<readonly string[]> {
    return this.#events.all();
  }

  /** One that an earlier console left behind tells nobody. */
  async sessions(): Promise<readonly BrokerSession[] | undefined> {
    if (!this.#isRunning) return (await this.#hasOrphan()) ? undefined : [];
    const conf = (await this.#generations.read())?.find(({ name }) => name === fileNames.conf);
    const { line } = await this.#version();
    const isTold = conf !== undefined && logsSessions(new TextDecoder().decode(conf.content), line);
    return isTold ? this.#sessions.sessions() : undefined;
  }

  #push(wasRunning: boolean): BrokerPush {
    const control = {
      assertStartable: async (files: BrokerFiles) => this.#assertPortsFree(await this.#readListeners(files)),
      takeEffect: (needs: PushNeed) => this.#takeEffect(needs),
      stop: () => this.stop(),
    };
    return new ProcessPush(this.#generations, control, wasRunning);
  }

  #hasOrphan(): Promise<boolean> {
    return orphanRuns(this.#pidFile, this.#confPath);
  }

  /** One that an earlier console left behind serves its plants all the same. */
  async #state(): Promise<BrokerState> {
    if (this.#isRunning || (await this.#hasOrphan())) return 'running';
    return this.#hasFailed ? 'failed' : 'stopped';
  }

  get #isRunning(): boolean {
    return this.#process?.isRunning === true;
  }

  get #confPath(): string {
    return join(this.#generations.liveDirectory, fileNames.conf);
  }

  /** Windows has no SIGHUP: there, every change is a restart. */
  async #takeEffect(needs: PushNeed): Promise<void> {
    const running = this.#isRunning ? this.#process : undefined;
    if (running !== undefined && needs === 'nothing') return;
    if (running !== undefined && needs === 'reload' && process.platform !== 'win32') return running.reload();
    const files = await this.#generations.read();
    await this.#restart(await this.#readListeners(files ?? []));
  }

  async #restart(listeners: readonly ConfListener[]): Promise<void> {
    const program = await this.#program();
    await this.stop();
    this.#sessions = new SessionLog();
    try {
      const started = await MosquittoProcess.start({
        program,
        confPath: this.#confPath,
        directory: this.#options.directory,
        listeners,
        log: this.#log,
        events: this.#events,
        sessions: this.#sessions,
        onUnexpectedExit: () => {
          this.#hasFailed = true;
        },
      });
      this.#process = started;
      this.#listeners = listeners;
      if (started.pid !== undefined) await notePid(this.#pidFile, started.pid);
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    }
  }

  /** The ports that this broker holds itself are its own to take again. */
  async #assertPortsFree(wanted: readonly ConfListener[]): Promise<void> {
    const held = this.#isRunning ? this.#listeners : await this.#orphanListeners();
    for (const listener of wanted) {
      const isHeld = held.some((own) => own.port === listener.port && own.address === listener.address);
      if (!isHeld) await assertPortFree(listener);
    }
  }

  async #orphanListeners(): Promise<readonly ConfListener[]> {
    const files = await this.#generations.read();
    return files !== undefined && (await this.#hasOrphan()) ? this.#readListeners(files) : [];
  }

  async #readListeners(files: BrokerFiles): Promise<readonly ConfListener[]> {
    const conf = files.find((file) => file.name === fileNames.conf);
    if (conf === undefined) throw new ConsoleError('broker/invalid-files', { because: `${fileNames.conf} is missing` });
    const { line } = await this.#version();
    const { listeners } = parseConf(new TextDecoder().decode(conf.content), line).value;
    if (listeners.length === 0) throw new ConsoleError('broker/invalid-files', { because: 'there is no listener' });
    return listeners;
  }

  async #version(): Promise<BrokerVersion> {
    return readVersion(await this.#program());
  }

  async #program(): Promise<string> {
    return this.#options.program ?? findMosquitto();
  }
}
