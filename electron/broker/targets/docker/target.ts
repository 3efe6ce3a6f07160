// A broker in a container. Its files and its process are reached through a shell in the container or beside it; this
// adds what only a container has: it may not be there yet, and its configuration may be mounted in a way that no push
// can replace.

import type { BrokerPorts, DockerEngineTls, DockerTargetSettings } from '../../../../shared/model/broker.ts';
import type {
  BrokerDescription,
  BrokerFiles,
  BrokerPush,
  BrokerSession,
  Generation,
  ManagedBroker,
  PushMark,
} from '../../../../shared/model/broker-files.ts';
import { findJwtPlugin } from '../shell/jwt-plugin.ts';
import { ShellTarget } from '../shell-target.ts';
import { DockerContainer } from './container.ts';
import { DockerControl } from './control.ts';
import { DockerEngine } from './engine.ts';
import { DockerShellHost } from './shell-host.ts';

/** The account `mosquitto` of the image eclipse-mosquitto, by its numbers. */
const owner = '1883:1883';

export type DockerTargetOptions = {
  readonly settings: DockerTargetSettings;
  /** The listeners' ports: published by a container that the console makes, looked for in one that it finds. */
  readonly ports: BrokerPorts;
  /** For an engine on TCP. */
  readonly tls?: DockerEngineTls | undefined;
};

export class DockerTarget implements ManagedBroker {
  readonly #container: DockerContainer;
  readonly #broker: ShellTarget;

  /** Throws `broker/engine-untrusted` for TLS material that cannot be read. */
  constructor({ settings, ports, tls }: DockerTargetOptions) {
    const engine = new DockerEngine(settings.engine, tls);
    this.#container = new DockerContainer(engine, settings, ports);
    const host = new DockerShellHost(engine, this.#container);
    this.#broker = new ShellTarget({
      host,
      control: new DockerControl(engine, this.#container, host),
      configDirectory: settings.configDirectory,
      owner,
      account: null,
      jwtPlugin: () => findJwtPlugin(host),
    });
  }

  /** Throws `broker/container-missing`, `broker/image-missing`, `broker/unsupported-version`, `broker/engine-*`. */
  async describe(): Promise<BrokerDescription> {
    const found = await this.#container.find();
    const description = await this.#broker.describe();
    return { ...description, notices: [...description.notices, ...(found?.notices ?? [])] };
  }

  /** Throws `broker/single-file-mount`, `broker/not-mounted`, `broker/not-writable`. */
  async current(): Promise<BrokerFiles | undefined> {
    return (await this.#container.findUsable()) && this.#broker.current();
  }

  /** Makes the container when it is missing and may be made. Throws like `current` and `describe` too. */
  async open(mark: Omit<PushMark, 'step'>): Promise<BrokerPush> {
    await this.#container.ensure();
    return this.#broker.open(mark);
  }

  async unfinished(): Promise<PushMark | undefined> {
    return (await this.#container.find()) && this.#broker.unfinished();
  }

  adopt(pushId: string): Promise<BrokerPush> {
    return this.#broker.adopt(pushId);
  }

  async generations(): Promise<readonly Generation[]> {
    return (await this.#container.find()) ? this.#broker.generations() : [];
  }

  readGeneration(generationId: string): Promise<BrokerFiles> {
    return this.#broker.readGeneration(generationId);
  }

  async sessions(): Promise<readonly BrokerSession[] | undefined> {
    return (await this.#container.find()) ? this.#broker.sessions() : [];
  }

  stop(): Promise<void> {
    return this.#broker.stop();
  }

  release(): Promise<void> {
    return this.#broker.release();
  }

  log(): Promise<readonly string[]> {
    return this.#broker.log();
  }

  eventLog(): Promise<readonly string[]> {
    return this.#broker.eventLog();
  }
}
