// What the simulated PLC knows is what was deployed to its directory, and nothing else.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ConnectionFile,
  connectionFileSchema,
  credentialsFileSchema,
  type DeviceFileName,
  tokenFileSchema,
} from '../../shared/model/device-files.ts';

/** How a PLC proves itself, in the words of an MQTT client over TLS. */
export type PlcLogin =
  | { readonly cert: string; readonly key: string }
  | { readonly username: string; readonly password: string };

export type PlcFiles = {
  readonly connection: ConnectionFile;
  /** Host name or address of the broker. */
  readonly host: string;
  readonly caCertPem: string;
  readonly login: PlcLogin;
  readonly hmacSecret: string;
};

/** Reads a deployed directory. Rejects when a file is missing or does not say what it must. */
export async function readPlcFiles(directory: string): Promise<PlcFiles> {
  const read = (name: DeviceFileName) => readFile(join(directory, name), 'utf8');
  const connection = connectionFileSchema.parse(JSON.parse(await read('connection.json')));
  return {
    connection,
    host: new URL(connection.broker).hostname.replace(/^\[(.*)\]$/, '$1'),
    caCertPem: await read('ca.crt'),
    login: await readLogin(connection, read),
    hmacSecret: await read('hmac.secret'),
  };
}

async function readLogin(
  { authMethod }: ConnectionFile,
  read: (name: DeviceFileName) => Promise<string>,
): Promise<PlcLogin> {
  switch (authMethod) {
    case 'MTLS':
      return { cert: await read('device.crt'), key: await read('device.key') };
    case 'PASSWORD': {
      const { username, password } = credentialsFileSchema.parse(JSON.parse(await read('credentials.json')));
      return { username, password };
    }
    case 'TOKEN': {
      const { username, token } = tokenFileSchema.parse(JSON.parse(await read('token.json')));
      return { username, password: token };
    }
  }
}
