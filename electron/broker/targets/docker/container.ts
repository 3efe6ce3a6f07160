// The container that a broker runs in: found by its name or a label, or made from an image that is on the engine.
// - The configuration must lie in a mounted directory. In the container's own layer it would be lost when the container
//   is replaced; as a single mounted file it would stay the old one, because a mount holds on to the inode that a
//   rename leaves behind.
// - A container of ours restarts always: `unless-stopped` counts the API's signals as a stop by hand, and then the
//   broker stays down after a reboot.

import { posix } from 'node:path';
import type Docker from 'dockerode';
import { type BrokerPorts, type DockerTargetSettings, defaultContainerName } from '../../../../shared/model/broker.ts';
import { ConsoleError } from '../../../../shared/model/errors.ts';
import { fileNames } from '../../file-names.ts';
import { type DockerEngine, statusOf } from './engine.ts';

/** Marks what the console has made on an engine. */
export const madeByConsole = 'voke-console';

/** Bit of Go's os.FileMode, as the engine tells the mode of a path in a container. */
const directoryBit = 2 ** 31;

export type FoundContainer = {
  readonly id: string;
  /** Without the slash that the engine puts before it. */
  readonly name: string;
  /** It runs, and a command could be run in it now. */
  readonly isUp: boolean;
  /** ISO 8601 of its last start, with nanoseconds. */
  readonly startedAt: string;
  /** How often the engine started it again by itself since it was started last. */
  readonly restarts: number;
  readonly imageId: string;
  readonly hasTerminal: boolean;
  readonly notices: readonly string[];
};

export class DockerContainer {
  readonly #engine: DockerEngine;
  readonly #settings: Omit<DockerTargetSettings, 'engine'>;
  readonly #ports: BrokerPorts;

  constructor(engine: DockerEngine, settings: Omit<DockerTargetSettings, 'engine'>, ports: BrokerPorts) {
    this.#engine = engine;
    this.#settings = settings;
    this.#ports = ports;
  }

  /** The container as it is now, or undefined. Throws `broker/container-ambiguous`, `broker/engine-*`. */
  async find(): Promise<FoundContainer | undefined> {
    const wanted = this.#settings.container;
    const name = wanted.by === 'name' ? wanted.name : await this.#idByLabel(wanted.label);
    if (name === undefined) return undefined;
    const info = await this.#engine.find((docker) => docker.getContainer(name).inspect());
    return info && this.#describe(info);
  }

  /** The container. Throws `broker/container-missing` when there is none, and like `find`. */
  async require(): Promise<FoundContainer> {
    const found = await this.find();
    if (!found) throw new ConsoleError('broker/container-missing', { because: this.#wanted() });
    return found;
  }

  /**
   * Makes sure that the container is there and that its configuration can be replaced; makes it, without starting it,
   * when settings say from which image. Throws `broker/container-missing`, `broker/image-missing`,
   * `broker/single-file-mount`, `broker/not-mounted`, `broker/not-writable`, `broker/engine-*`.
   */
  async ensure(): Promise<FoundContainer> {
    if (!(await this.find())) await this.#create();
    return (await this.findUsable()) ?? this.require();
  }

  /** The container, when it is there, once it is sure that its configuration can be replaced. Throws like `ensure`. */
  async findUsable(): Promise<FoundContainer | undefined> {
    const found = await this.find();
    if (found) await this.#checkMounts(found.id);
    return found;
  }

  /** The image to run a command of the broker in while there is no container. Throws `broker/image-missing`. */
  async imageId(): Promise<string> {
    const { create } = this.#settings;
    if (!create) throw new ConsoleError('broker/container-missing', { because: this.#wanted() });
    const image = await this.#engine.find((docker) => docker.getImage(create.image).inspect());
    if (!image) throw new ConsoleError('broker/image-missing', { because: create.image });
    return image.Id;
  }

  async #idByLabel(label: string): Promise<string | undefined> {
    const found = await this.#engine.call((docker) =>
      docker.listContainers({ all: true, filters: { label: [label] } }),
    );
    if (found.length > 1) {
      throw new ConsoleError('broker/container-ambiguous', {
        because: `${label}: ${found.map(({ Names }) => Names[0]?.slice(1)).join(', ')}`,
      });
    }
    return found[0]?.Id;
  }

  #wanted(): string {
    const { container } = this.#settings;
    return container.by === 'name' ? container.name : `label ${container.label}`;
  }

  #describe(info: Docker.ContainerInspectInfo): FoundContainer {
    const { Running, Restarting, Paused, StartedAt } = info.State;
    return {
      id: info.Id,
      name: info.Name.slice(1),
      isUp: Running && !Restarting && !Paused,
      startedAt: StartedAt,
      restarts: info.RestartCount,
      imageId: info.Image,
      hasTerminal: info.Config.Tty,
      notices: [...restartNotices(info), ...portNotices(info, this.#ports)],
    };
  }

  async #create(): Promise<void> {
    const imageId = await this.imageId();
    const { container, configDirectory, create } = this.#settings;
    const name = container.by === 'name' ? container.name : defaultContainerName;
    const ports = Object.values(this.#ports).map((port) => `${port}/tcp`);
    await this.#engine.call((docker) =>
      docker
        .createContainer({
          name,
          Image: imageId,
          Cmd: ['/usr/sbin/mosquitto', '-c', posix.join(configDirectory, fileNames.conf)],
          Labels: { [madeByConsole]: 'broker', ...(container.by === 'label' && labelPair(container.label)) },
          ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])),
          HostConfig: {
            RestartPolicy: { Name: 'always' },
            Mounts: [
              // The image's own configuration would count as somebody's, and be kept.
              { Type: 'volume', Source: `${name}-config`, Target: configDirectory, VolumeOptions: emptyVolume },
              { Type: 'volume', Source: `${name}-data`, Target: '/mosquitto/data' },
            ],
            LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
            ...(create?.network === 'host'
              ? { NetworkMode: 'host' }
              : { PortBindings: Object.fromEntries(ports.map((port) => [port, [{ HostPort: port.split('/')[0] }]])) }),
          },
        })
        .catch((error: unknown) => {
          // Another console made it in the meantime: then it is there, as wanted.
          if (statusOf(error) !== 409) throw error;
        }),
    );
  }

  async #checkMounts(id: string): Promise<void> {
    const { configDirectory } = this.#settings;
    const { Mounts } = await this.#engine.call((docker) => docker.getContainer(id).inspect());
    for (const { Destination } of Mounts.filter((mount) => isBelow(mount.Destination, configDirectory))) {
      if (await this.#isFile(id, Destination)) {
        throw new ConsoleError('broker/single-file-mount', { because: Destination, details: { path: Destination } });
      }
    }
    const holder = Mounts.filter(
      ({ Destination }) => Destination === configDirectory || isBelow(configDirectory, Destination),
    ).sort((a, b) => b.Destination.length - a.Destination.length)[0];
    if (!holder) throw new ConsoleError('broker/not-mounted', { because: configDirectory });
    if (!holder.RW)
      throw new ConsoleError('broker/not-writable', { because: `${holder.Destination} is mounted read-only` });
  }

  async #isFile(id: string, path: string): Promise<boolean> {
    const stat = await this.#engine.call((docker) => docker.getContainer(id).infoArchive({ path }));
    const header: unknown = stat.headers?.['x-docker-container-path-stat'];
    if (typeof header !== 'string') return true;
    const { mode }: { mode?: unknown } = JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
    return typeof mode !== 'number' || mode < directoryBit;
  }
}

const emptyVolume = { NoCopy: true, Labels: {}, DriverConfig: { Name: 'local', Options: {} } };

const isBelow = (path: string, directory: string): boolean => path.startsWith(`${directory.replace(/\/$/, '')}/`);

function labelPair(label: string): Record<string, string> {
  const [name = '', ...value] = label.split('=');
  return { [name]: value.join('=') };
}

function restartNotices({ HostConfig, Name }: Docker.ContainerInspectInfo): string[] {
  const policy = HostConfig.RestartPolicy?.Name ?? 'no';
  const name = Name.slice(1);
  switch (policy) {
    case 'always':
      return [];
    case 'unless-stopped':
      return [
        `The container ${name} restarts "unless-stopped": after a signal sent through Docker's API, such as docker kill --signal=HUP, it stays down at the next boot. Set "restart: always".`,
      ];
    default:
      return [`The container ${name} does not come back after a reboot. Set "restart: always".`];
  }
}

/** On the host's network every port is reachable; otherwise only what the container publishes under the same number. */
function portNotices({ HostConfig, Name }: Docker.ContainerInspectInfo, ports: BrokerPorts): string[] {
  if (HostConfig.NetworkMode === 'host') return [];
  const bindings: Record<string, { HostPort?: string }[] | null> = HostConfig.PortBindings ?? {};
  const missing = Object.values(ports).filter(
    (port) => !(bindings[`${port}/tcp`] ?? []).some(({ HostPort }) => HostPort === String(port)),
  );
  if (missing.length === 0) return [];
  return [
    `The container ${Name.slice(1)} does not publish ${missing.length === 1 ? 'port' : 'ports'} ${missing.join(', ')} under the same number, so plants cannot reach ${missing.length === 1 ? 'that listener' : 'those listeners'}.`,
  ];
}
