// A real mosquitto with one TLS listener that wants a client certificate, on files that lie somewhere already.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { onTestFinished } from 'vitest';
import { freePort, startServer } from './processes.ts';
import { programPath } from './requirements.ts';

export type TlsFiles = {
  readonly cafile: string;
  readonly crlfile: string;
  readonly certfile: string;
  readonly keyfile: string;
};

export type TlsMosquitto = {
  readonly port: number;
  /** Connects and publishes; throws when refused. */
  connect(client: { ca: string; cert: string; key: string; tls?: 'TLSv1.2' | 'TLSv1.3' }): Promise<void>;
  log(): string;
};

/** Stopped when the test ends. */
export async function startTlsMosquitto(files: TlsFiles): Promise<TlsMosquitto> {
  const folder = await mkdtemp(join(tmpdir(), 'voke-tls-broker-'));
  const port = await freePort();
  const lines = [
    `listener ${port} 127.0.0.1`,
    ...Object.entries(files).map(([option, path]) => `${option} ${path}`),
    'require_certificate true',
    'use_identity_as_username true',
    'allow_anonymous false',
    // Started by root it would become mosquitto, who may not read a test's private keys.
    'user root',
  ];
  await writeFile(join(folder, 'mosquitto.conf'), `${lines.join('\n')}\n`);
  const server = await startServer(programPath('mosquitto'), ['-v', '-c', join(folder, 'mosquitto.conf')], port);
  onTestFinished(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });
  return {
    port,
    log: () => server.log(),
    connect: async ({ ca, cert, key, tls }) => {
      const client = await connectAsync({
        ...{ host: 'localhost', port, protocol: 'mqtts', ca, cert, key, reconnectPeriod: 0, connectTimeout: 5000 },
        ...(tls && { minVersion: tls, maxVersion: tls }),
      });
      await client.publishAsync('tls/it-works', 'yes', { qos: 1 });
      await client.endAsync();
    },
  };
}
