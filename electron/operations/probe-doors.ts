// What a set of broker files can be asked about. After a push that is all of it; after going back to an older set some
// of what the probes show may be unknown to it, which is no fault of the broker's.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BrokerFiles } from '../../shared/model/broker-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { crlNames } from '../authority/inspect.ts';
import { fileNames } from '../broker/file-names.ts';
import { publicKeyFiles } from '../credentials/tokens.ts';
import { pemBlocksInSteps } from '../platform/pem-blocks.ts';
import { inSlices } from '../platform/slices.ts';
import type { AuthorityRow } from '../vault/rows/authorities.ts';
import type { TokenKeyRow } from '../vault/rows/token-keys.ts';

export type Doors = {
  readonly hasTokenListener: boolean;
  /** Whether a password with this hash lets this user in. */
  knows(username: string, passwordHash: string): boolean;
  /** Whether certificates of this authority let anybody in. */
  admits(authority: Pick<AuthorityRow, 'certificatePem'>): boolean;
  revokes(serialNumber: string): Promise<boolean>;
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
    admits: ({ certificatePem }) => text(fileNames.authority).includes(certificatePem.trim()),
    revokes: (serialNumber) => isRevokedIn(text(fileNames.revocationList), serialNumber),
    trusts: ({ keyId, publicKeyPem }) =>
      keySet === undefined
        ? tokenKey !== undefined && Buffer.compare(tokenKey, publicKeyFiles(publicKeyPem).publicPkcs1Der) === 0
        : keySet.includes(JSON.stringify(keyId)),
  };
}

async function isRevokedIn(text: string, serialNumber: string): Promise<boolean> {
  try {
    for (const pem of await inSlices(pemBlocksInSteps(text, 'X509 CRL'))) {
      await nextTurn();
      if (await crlNames(pem, serialNumber)) return true;
    }
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof ConsoleError)) throw error;
  }
  return false;
}
