// What a set of broker files can be asked about. After a push that is all of it; after going back to an older set some
// of what the probes show may be unknown to it, which is no fault of the broker's.

import 'reflect-metadata';
import { X509Crl } from '@peculiar/x509';
import type { BrokerFiles } from '../../shared/model/broker-files.ts';
import { fileNames } from '../broker/file-names.ts';
import { publicKeyFiles } from '../credentials/tokens.ts';
import type { TokenKeyRow } from '../vault/rows.ts';

export type Doors = {
  readonly hasTokenListener: boolean;
  /** Whether a password with this hash lets this user in. */
  knows(username: string, passwordHash: string): boolean;
  revokes(serialNumber: string): boolean;
  trusts(key: TokenKeyRow): boolean;
};

export function doorsOf(files: BrokerFiles): Doors {
  const content = (name: string) => files.find((file) => file.name === name)?.content;
  const text = (name: string) => Buffer.from(content(name) ?? []).toString('utf8');
  const tokenKey = content(fileNames.tokenKey);
  const keySet = content(fileNames.tokenKeySet) && text(fileNames.tokenKeySet);
  return {
    hasTokenListener: tokenKey !== undefined || keySet !== undefined,
    knows: (username, passwordHash) =>
      [fileNames.passwords, fileNames.sitePasswords].some((name) =>
        text(name).split('\n').includes(`${username}:${passwordHash}`),
      ),
    revokes: (serialNumber) => readCrl(text(fileNames.revocationList))?.findRevoked(serialNumber) != null,
    trusts: ({ keyId, publicKeyPem }) =>
      keySet === undefined
        ? tokenKey !== undefined && Buffer.compare(tokenKey, publicKeyFiles(publicKeyPem).publicPkcs1Der) === 0
        : keySet.includes(JSON.stringify(keyId)),
  };
}

function readCrl(pem: string): X509Crl | undefined {
  try {
    return new X509Crl(pem);
  } catch {
    return undefined;
  }
}
