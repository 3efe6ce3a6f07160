// A broker on a host that is reached over SSH: as a service, by its pid file, or in a container there.

import type { SshTargetSettings } from '../../../../shared/model/broker.ts';
import type {
  BrokerDescription,
  BrokerFiles,
  BrokerPush,
  BrokerSession,
  Generation,
  ManagedBroker,
  PushMark,
} from '../../../../shared/model/broker-files.ts';
import type { RemoteTarget } from '../../../remote/connect.ts';
import { findJwtPlugin } from '../shell/jwt-plugin.ts';
import { ShellTarget } from '../shell-target.ts';
import { ContainerControl } from './container-control.ts';
import { SshHost } from './host.ts';
import { PidFileControl } from './pid-file-control.ts';
import { SystemdControl } from './systemd-control.ts';

/** The account `mosquitto`: by its name on a host, by its numbers in the image eclipse-mosquitto. */
const hostOwner = 'mosquitto';
const containerOwner = '1883:1883';

export type SshTargetOptions = {
  readonly settings: SshTargetSettings;
  /** The login to the host, with its pinned key, and through the jump host where there is one. */
  readonly way: () => RemoteTarget;
  /** For sudo; empty where it asks for none. */
  readonly sudoPassword?: (() => string | undefined) | undefined;
};

export class SshTarget implements ManagedBroker {
  readonly #settings: SshTargetSettings;
  readonly #host: SshHost;
  #broker: Promise<ShellTarget> | undefined;

  constructor({ settings, way, sudoPassword }: SshTargetOptions) {
    this.#settings = settings;
    this.#host = new SshHost({ way, sudo: settings.useSudo ? (sudoPassword ?? (() => undefined)) : undefined });
  }

  /** Throws `remote/*`, `broker/unsupported-version`, and what asking its process throws. */
  async describe(): Promise<BrokerDescription> {
    const description = await (await this.#target()).describe();
    const { control, configDirectory } = this.#settings;
    if (control.kind !== 'pidFile') return description;
    const writesIt = await new PidFileControl(this.#host, control.path, configDirectory).isWrittenByBroker();
    return writesIt ? { ...description, pidFile: control.path } : description;
  }

  async current(): Promise<BrokerFiles | undefined> {
    return (await this.#target()).current();
  }

  async open(mark: Omit<PushMark, 'step'>): Promise<BrokerPush> {
    return (await this.#target()).open(mark);
  }

  async unfinished(): Promise<PushMark | undefined> {
    return (await this.#target()).unfinished();
  }

  async adopt(pushId: string): Promise<BrokerPush> {
    return (await this.#target()).adopt(pushId);
  }

  async generations(): Promise<readonly Generation[]> {
    return (await this.#target()).generations();
  }

  async readGeneration(generationId: string): Promise<BrokerFiles> {
    return (await this.#target()).readGeneration(generationId);
  }

  async sessions(): Promise<readonly BrokerSession[] | undefined> {
    return (await this.#target()).sessions();
  }

  async stop(): Promise<void> {
    await (await this.#target()).stop();
  }

  async log(): Promise<readonly string[]> {
    return (await this.#target()).log();
  }

  async eventLog(): Promise<readonly string[]> {
    return (await this.#target()).eventLog();
  }

  /** Ends the connection; the broker goes on. */
  release(): Promise<void> {
    return this.#host.close();
  }

  /** Made when it is first needed: where a container's files are must be asked. What failed is asked again. */
  #target(): Promise<ShellTarget> {
    this.#broker ??= this.#make().catch((error: unknown) => {
      this.#broker = undefined;
      throw error;
    });
    return this.#broker;
  }

  async #make(): Promise<ShellTarget> {
    const { control, configDirectory, useSudo, username } = this.#settings;
    const host = this.#host;
    const common = { host, account: null };
    // Only root may give files away; another login must be the broker's own account.
    const owned = (owner: string) => (useSudo || username === 'root' ? owner : null);
    switch (control.kind) {
      case 'systemd':
        return new ShellTarget({
          ...common,
          configDirectory,
          owner: owned(hostOwner),
          control: new SystemdControl(host, control.unit),
          jwtPlugin: () => findJwtPlugin(host),
        });
      case 'pidFile':
        return new ShellTarget({
          ...common,
          configDirectory,
          owner: owned(hostOwner),
          control: new PidFileControl(host, control.path, configDirectory),
          jwtPlugin: () => findJwtPlugin(host),
        });
      case 'container': {
        const container = new ContainerControl(host, control.runtime, control.name);
        return new ShellTarget({
          ...common,
          configDirectory: await container.hostPath(configDirectory),
          brokerDirectory: configDirectory,
          owner: owned(containerOwner),
          control: container,
          jwtPlugin: async () => findJwtPlugin(await container.inside()),
        });
      }
    }
  }
}
