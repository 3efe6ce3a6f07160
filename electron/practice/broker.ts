// The built-in broker: the same rendered files, the same listeners, the same answers as Mosquitto 2.0, without
// Mosquitto. It speaks MQTT 3.1.1, keeps everything in memory, and verifies tokens itself, so it needs no plugin.

import type {
  BrokerDescription,
  BrokerFiles,
  BrokerSession,
  ManagedBroker,
  PushNeed,
} from '../../shared/model/broker-files.ts';
import { RecentLines } from '../platform/recent-lines.ts';
import { type BrokerConfiguration, practiceDirectory, readConfiguration } from './broker-configuration.ts';
import { BrokerRun, type Verifiers } from './broker-run.ts';

/** Stands in mosquitto.conf where a real broker has the path of its plugin. */
const builtInJwtPlugin = `${practiceDirectory}/mosquitto_jwt_auth.so`;

export class PracticeBroker implements ManagedBroker {
  readonly #verifiers: Verifiers;
  readonly #log = new RecentLines();
  #run: BrokerRun | undefined;
  #current: BrokerFiles | undefined;
  #previous: BrokerFiles | undefined;

  constructor(verifiers: Verifiers) {
    this.#verifiers = verifiers;
  }

  async describe(): Promise<BrokerDescription> {
    return {
      state: this.#run === undefined ? 'stopped' : 'running',
      version: 'built-in',
      line: '2.0',
      notices: [],
      configDirectory: practiceDirectory,
      jwtPlugin: builtInJwtPlugin,
      account: null,
    };
  }

  async current(): Promise<BrokerFiles | undefined> {
    return this.#current;
  }

  async apply(files: BrokerFiles, needs: PushNeed): Promise<void> {
    if (needs === 'nothing' && this.#run !== undefined) return;
    await this.#takeEffect(readConfiguration(files), needs);
    if (needs !== 'nothing' || this.#current === undefined) this.#previous = this.#current;
    this.#current = files;
  }

  async rollback(): Promise<void> {
    const files = this.#previous;
    this.#current = files;
    this.#previous = undefined;
    if (files === undefined) await this.stop();
    else await this.#takeEffect(readConfiguration(files), 'restart');
  }

  async stop(): Promise<void> {
    await this.#run?.stop();
    this.#run = undefined;
  }

  sessions(): readonly BrokerSession[] {
    return this.#run?.sessions() ?? [];
  }

  log(): readonly string[] {
    return this.#log.all();
  }

  async #takeEffect(configuration: BrokerConfiguration, needs: PushNeed): Promise<void> {
    if (needs === 'reload' && this.#run !== undefined) return this.#run.reload(configuration);
    const before =
      this.#run !== undefined && this.#current !== undefined ? readConfiguration(this.#current) : undefined;
    await this.stop();
    try {
      this.#run = await this.#start(configuration);
    } catch (error) {
      if (before !== undefined) this.#run = await this.#start(before);
      throw error;
    }
  }

  #start(configuration: BrokerConfiguration): Promise<BrokerRun> {
    return BrokerRun.start(configuration, this.#verifiers, (line) => this.#log.write(`${line}\n`));
  }
}
