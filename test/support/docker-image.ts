// An image laid out like eclipse-mosquitto, of this machine's own mosquitto, its libraries and BusyBox: no registry is
// asked. Mosquitto is process 1, its account has the uid 1883, and its files lie in /mosquitto.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { packTar, type TarEntry } from 'modern-tar';
import { programPath } from './requirements.ts';

const run = promisify(execFile);

export type ImageOptions = {
  /** Absolute path on this machine of the plugin for the token listener, which goes to /mosquitto/plugins. */
  readonly jwtPlugin?: string;
};

const emptyDirectories = ['mosquitto/data', 'mosquitto/log', 'mosquitto/plugins', 'proc', 'sys', 'dev', 'tmp'];

/** The entry point of the real image: the account gets its files, then the command becomes process 1. */
const entryPoint = `#!/bin/sh
set -e
if [ "$(id -u)" = 0 ] && [ -d /mosquitto ]; then chown -R mosquitto:mosquitto /mosquitto || true; fi
exec "$@"
`;

/** A file system as a tar, and what makes it an image: instructions for `docker import --change`. */
export async function mosquittoImage({ jwtPlugin }: ImageOptions): Promise<{ content: Uint8Array; changes: string[] }> {
  const busybox = programPath('busybox');
  const mosquitto = programPath('mosquitto');
  const applets = (await run(busybox, ['--list'])).stdout
    .split('\n')
    .filter((name) => /^[a-z]/.test(name) && name !== 'busybox');
  const libraries = new Set((await Promise.all([busybox, mosquitto].map(librariesOf))).flat());
  const files = await Promise.all([
    copied(busybox, 'bin/busybox', 0o755),
    copied(mosquitto, 'usr/sbin/mosquitto', 0o755),
    ...[...libraries].map((path) => copied(path, path.slice(1), 0o755)),
    ...(jwtPlugin === undefined ? [] : [copied(jwtPlugin, 'mosquitto/plugins/mosquitto_jwt_auth.so', 0o755)]),
  ]);
  const contents: TarEntry[] = [
    ...files,
    ...applets.map(
      (name): TarEntry => ({ header: { name: `bin/${name}`, size: 0, type: 'symlink', linkname: 'busybox' } }),
    ),
    text('docker-entrypoint.sh', entryPoint, 0o755),
    text('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nmosquitto:x:1883:1883:mosquitto:/mosquitto:/bin/false\n'),
    text('etc/group', 'root:x:0:\nmosquitto:x:1883:\n'),
    text('mosquitto/config/mosquitto.conf', '# The image comes with a configuration that sets nothing.\n'),
  ];
  // A directory that is only part of a path would be closed to everyone but root.
  const directories = new Set([...emptyDirectories, ...contents.flatMap(({ header }) => parentsOf(header.name))]);
  const entries = [...[...directories].sort().map(directory), ...contents];
  return {
    content: await packTar(entries),
    changes: [
      'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'ENTRYPOINT ["/docker-entrypoint.sh"]',
      'CMD ["/usr/sbin/mosquitto","-c","/mosquitto/config/mosquitto.conf"]',
      'VOLUME ["/mosquitto/data","/mosquitto/log"]',
      'EXPOSE 1883',
    ],
  };
}

/** `a/b/c` -> `a`, `a/b`. */
const parentsOf = (path: string): string[] =>
  path
    .split('/')
    .slice(0, -1)
    .map((_, index, parts) => parts.slice(0, index + 1).join('/'));

async function librariesOf(program: string): Promise<string[]> {
  // A static program makes ldd fail, and needs none.
  const { stdout } = await run('ldd', [program]).catch(() => ({ stdout: '' }));
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
}

async function copied(from: string, name: string, mode: number): Promise<TarEntry> {
  const body = await readFile(from);
  return { header: { name, mode, size: body.length, type: 'file' }, body };
}

const text = (name: string, body: string, mode = 0o644): TarEntry => ({
  header: { name, mode, size: Buffer.byteLength(body), type: 'file' },
  body,
});

const directory = (name: string): TarEntry => ({
  header: { name: `${name}/`, mode: 0o755, size: 0, type: 'directory' },
});
