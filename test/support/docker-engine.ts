// A private Docker engine: its own state, socket, containerd and images, nothing of the machine's own engine.
// It has no bridge and no firewall rules, so containers live on the host's network or on none.

import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { type ImageOptions, mosquittoImage } from './docker-image.ts';
import { OpensslPki } from './openssl-pki.ts';
import { freePort, run, startServer } from './processes.ts';
import { programPath } from './requirements.ts';

/** The programs that `describeWith` must find. */
export const dockerPrograms = ['dockerd', 'containerd', 'runc', 'busybox', 'mosquitto', 'ldd', 'setpriv'] as const;

export type EngineTls = { readonly ca: string; readonly cert: string; readonly key: string };

export type DockerEngine = {
  readonly socketPath: string;
  /** Where the engine listens with TLS, and what its clients need. */
  readonly tls: { readonly port: number; readonly client: EngineTls; readonly stranger: EngineTls };
  readonly docker: Docker;
  /** Makes an image like eclipse-mosquitto of this machine's mosquitto. */
  importMosquitto(tag: string, options?: ImageOptions): Promise<void>;
  /** Where this machine has the files of a volume. */
  volumePath(name: string): string;
  /** Removes all containers and volumes, so that a test leaves nothing for the next. */
  clear(): Promise<void>;
  /** Ends it as a crash would; its containers go on. */
  crash(): Promise<void>;
  /** While it is down: makes a container older by these seconds. */
  backdate(containerId: string, seconds: number): Promise<void>;
  /** Starts it again after a crash. It starts its containers anew. */
  revive(): Promise<void>;
  /** Ends it with all its containers and removes what it left. */
  stop(): Promise<void>;
};

/** Starts an engine. Needs root, and Debian's docker.io. */
export async function startDockerEngine(): Promise<DockerEngine> {
  const home = await mkdtemp(join(tmpdir(), 'voke-docker-'));
  const file = (name: string) => join(home, name);
  const pki = await OpensslPki.create('Engine CA');
  const otherPki = await OpensslPki.create('Another CA');
  const ca = await pki.certificatePem();
  const server = await pki.issueServer();
  const [client, stranger] = await Promise.all(
    [pki, otherPki].map(async (issuer) => {
      const { certificatePem, keyPem } = await issuer.issueDevice('console');
      return { ca, cert: certificatePem, key: keyPem };
    }),
  );
  await Promise.all([pki.remove(), otherPki.remove()]);
  if (!client || !stranger) throw new Error('no certificates');
  await writeFile(file('ca.pem'), ca);
  await writeFile(file('server.pem'), server.certificatePem);
  await writeFile(file('server-key.pem'), server.keyPem, { mode: 0o600 });
  await writeFile(file('daemon.json'), '{}');

  const socketPath = file('docker.sock');
  const port = await freePort();
  // setpriv: an engine does not outlive the test that started it, however that ends.
  const start = () =>
    startServer(
      programPath('setpriv'),
      [
        ...['--pdeathsig', 'TERM', programPath('dockerd'), '--config-file', file('daemon.json')],
        ...['--storage-driver', 'vfs', '--data-root', file('data'), '--exec-root', file('exec')],
        ...['--pidfile', file('docker.pid'), '--host', `unix://${socketPath}`, '--host', `tcp://127.0.0.1:${port}`],
        ...['--tlsverify', '--tlscacert', file('ca.pem')],
        ...['--tlscert', file('server.pem'), '--tlskey', file('server-key.pem')],
        ...['--bridge', 'none', '--iptables=false', '--ip6tables=false'],
      ],
      socketPath,
    );
  let daemon = await start();
  const docker = new Docker({ socketPath, host: undefined });

  const removeAll = async () => {
    for (const { Id } of await docker.listContainers({ all: true })) {
      // One that removes itself may be gone by now.
      await docker
        .getContainer(Id)
        .remove({ force: true, v: true })
        .catch(() => {});
    }
    for (const { Name } of (await docker.listVolumes()).Volumes) await docker.getVolume(Name).remove({ force: true });
  };
  // A container that is just ending, or that a console begins meanwhile, still holds its volumes.
  const clear = async () => {
    for (const last = Date.now() + 30_000; ; await delay(100)) {
      try {
        return await removeAll();
      } catch (error) {
        if (Date.now() > last) throw error;
      }
    }
  };

  return {
    socketPath,
    tls: { port, client, stranger },
    docker,
    async importMosquitto(tag, options = {}) {
      const { content, changes } = await mosquittoImage(options);
      const [repo = '', version = 'latest'] = tag.split(':');
      const archive = file('image.tar');
      await writeFile(archive, content);
      const progress = await docker.importImage(archive, { repo, tag: version, changes });
      await new Promise<void>((resolve, reject) => {
        docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
      });
      await rm(archive);
    },
    volumePath: (name) => join(file('data'), 'volumes', name, '_data'),
    clear,
    async crash() {
      daemon.signal('SIGKILL');
      await daemon.ended();
      // Its containerd goes with it; as long as nobody has noticed that, a new daemon would count on it.
      await rm(join(file('exec'), 'containerd', 'containerd.pid'));
    },
    async backdate(containerId, seconds) {
      const path = join(file('data'), 'containers', containerId, 'config.v2.json');
      const config: { Created: string } = JSON.parse(await readFile(path, 'utf8'));
      const Created = new Date(Date.parse(config.Created) - seconds * 1000).toISOString();
      await writeFile(path, JSON.stringify({ ...config, Created }));
    },
    async revive() {
      daemon = await start();
    },
    async stop() {
      await clear();
      await daemon.stop();
      await unmountBelow(home);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The engine leaves the network namespace of its host-network containers mounted. */
async function unmountBelow(directory: string): Promise<void> {
  const mounts = (await readFile('/proc/mounts', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${directory}/`));
  for (const path of mounts.reverse()) await run('umount', [path]);
}
