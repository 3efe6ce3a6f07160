// A console in a process of its own: opens the vault, notes that it was there, and holds it until it is killed.
// Arguments: path of the vault. The passphrase is the tests' own.

import { systemClock } from '../../electron/platform/clock.ts';
import { VaultFile } from '../../electron/vault/vault.ts';
import { testPassphrase, weakKdf } from './vault-constants.ts';

const [path = ''] = process.argv.slice(2);
const file = new VaultFile({ path, clock: systemClock, weakKdfForTestsOnly: weakKdf });
try {
  const vault = await file.unlock(testPassphrase);
  vault.settings.set('held-by', 'another process');
  process.stdout.write('unlocked\n');
  setInterval(() => {}, 60_000);
} catch (error) {
  process.stdout.write(`${error instanceof Error ? Reflect.get(error, 'code') : error}\n`);
}
