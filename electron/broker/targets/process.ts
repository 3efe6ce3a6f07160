// A local mosquitto that the console starts, watches, and stops with itself.
// Its files lie in generations below one private directory; its configuration names `live/`, whichever set that is.

import { join } from 'node:path';
import type { BrokerDescription, BrokerFiles, ManagedBroker, PushNeed } from '../../../shared/model/broker-files.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { type ConfListener, parseConf } from '../../../shared/model/mosquitto/conf.ts';
import { RecentLines } from '../../platform/recent-lines.ts';
import { fileNames } from '../file-names.ts';
import { planPush } from '../plan.ts';
import type { BrokerVersion } from '../version.ts';
import { Generations } from './generations.ts';
import { assertPortFree } from './listener-address.ts';
import { MosquittoProcess } from './mosquitto-process.ts';
import { findJwtPlugin, findMosquitto, readVersion } from './mosquitto-program.ts';
import { endOrphan, forgetPid, notePid } from './orphan.ts';

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
      state: this.#isRunning ? 'running' : this.#hasFailed ? 'failed' : 'stopped',
      version,
      line,
      notices,
      configDirectory: this.#generations.liveDirectory,
      jwtPlugin: await findJwtPlugin(this.#options.jwtPlugin),
      // As root, Mosquitto would become `mosquitto`, which may not read the console's private files.
      account: process.getuid?.() === 0 ? 'root' : null,
    };
  }

  current(): Promise<BrokerFiles | undefined> {
    return this.#generations.read();
  }

  async apply(files: BrokerFiles, needs: PushNeed): Promise<void> {
    const before = await this.#generations.read();
    const listeners = await this.#readListeners(files);
    const wasRunning = this.#isRunning;
    if (needs === 'nothing' && wasRunning) return;
    if (!wasRunning) await endOrphan(this.#pidFile, this.#confPath);
    await this.#assertPortsFree(listeners);
    if (needs === 'nothing' && before !== undefined) return this.#restart(listeners);

    const listenersBefore = this.#listeners;
    const change = await this.#generations.replace(files);
    try {
      await this.#takeEffect(needs, listeners);
    } catch (error) {
      await change.undo();
      if (wasRunning) await this.#restore(needs, listenersBefore);
      throw error;
    }
    await change.keep();
  }

  async rollback(): Promise<void> {
    const rejected = await this.#generations.read();
    const wentBack = await this.#generations.goBack();
    const restored = wentBack ? await this.#generations.read() : undefined;
    if (restored === undefined) return this.stop();
    await this.#takeEffect(planPush(rejected, restored).needs, await this.#readListeners(restored));
  }

  async stop(): Promise<void> {
    this.#hasFailed = false;
    await this.#process?.stop();
    this.#process = undefined;
    await forgetPid(this.#pidFile);
  }

  log(): readonly string[] {
    return this.#log.all();
  }

  get #isRunning(): boolean {
    return this.#process?.isRunning === true;
  }

  get #confPath(): string {
    return join(this.#generations.liveDirectory, fileNames.conf);
  }

  /** Windows has no SIGHUP: there, every change is a restart. */
  async #takeEffect(needs: PushNeed, listeners: readonly ConfListener[]): Promise<void> {
    const canReload = needs !== 'restart' && process.platform !== 'win32';
    if (canReload && this.#process?.isRunning) await this.#process.reload();
    else await this.#restart(listeners);
  }

  /** Back to files that worked. When even they do not now, nothing keeps running: better down than open. */
  async #restore(needs: PushNeed, listeners: readonly ConfListener[]): Promise<void> {
    try {
      await this.#takeEffect(needs, listeners);
    } catch {
      await this.#restart(listeners).catch(() => {});
    }
  }

  async #restart(listeners: readonly ConfListener[]): Promise<void> {
    const program = await this.#program();
    await this.stop();
    try {
      const started = await MosquittoProcess.start({
        program,
        confPath: this.#confPath,
        directory: this.#options.directory,
        listeners,
        log: this.#log,
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
    const held = this.#isRunning ? this.#listeners : [];
    for (const listener of wanted) {
      const isHeld = held.some((own) => own.port === listener.port && own.address === listener.address);
      if (!isHeld) await assertPortFree(listener);
    }
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
