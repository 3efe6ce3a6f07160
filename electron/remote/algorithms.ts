// ssh2 offers `ssh-rsa` by itself and keeps the other outdated ones back. Here all of them wait for the operator's word.
// A cipher or hash that the crypto library of this process lacks is left out: ssh2 throws at a name that it cannot serve.

import { getCiphers, getHashes } from 'node:crypto';
import type { Algorithms } from 'ssh2';
import { legacyAlgorithms } from '../../shared/model/legacy-algorithms.ts';

/** What the crypto library calls what is behind a name of SSH. */
const cryptoNames: ReadonlyMap<string, string> = new Map([
  ['aes256-cbc', 'aes-256-cbc'],
  ['aes192-cbc', 'aes-192-cbc'],
  ['aes128-cbc', 'aes-128-cbc'],
  ['3des-cbc', 'des-ede3-cbc'],
  ['hmac-sha1-96', 'sha1'],
  ['hmac-md5', 'md5'],
]);

/** The algorithms that are offered to a server, the outdated ones last or not at all. */
export function algorithmsFor(allowsLegacyAlgorithms: boolean): Algorithms {
  const available = new Set([...getCiphers(), ...getHashes()]);
  const isAvailable = (name: string) => {
    const needed = cryptoNames.get(name);
    return needed === undefined || available.has(needed);
  };
  const change = <Name extends string>(algorithms: readonly { readonly name: Name }[]) => {
    const names = algorithms.map(({ name }) => name).filter(isAvailable);
    return allowsLegacyAlgorithms
      ? { remove: [], prepend: [], append: names }
      : { remove: names, prepend: [], append: [] };
  };
  return {
    kex: change(legacyAlgorithms.keyExchange),
    serverHostKey: change(legacyAlgorithms.hostKey),
    cipher: change(legacyAlgorithms.cipher),
    hmac: change(legacyAlgorithms.mac),
  };
}
