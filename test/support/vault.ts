// A vault of the test's own, in a folder of its own, with a key derivation that costs nothing.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../electron/platform/clock.ts';
import type { OpenVault } from '../../electron/vault/rows.ts';
import { VaultFile, type VaultFileOptions } from '../../electron/vault/vault.ts';
import { testPassphrase, weakKdf } from './vault-constants.ts';

/** The path of a vault that does not exist yet; its folder goes when the test ends. */
export async function vaultPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voke-vault-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'console.vault');
}

/** A vault file that never sleeps; closed when the test ends. */
export function vaultFile(path: string, options: Partial<VaultFileOptions> = {}): VaultFile {
  const file = new VaultFile({
    path,
    clock: systemClock,
    sleep: async () => {},
    weakKdfForTestsOnly: weakKdf,
    ...options,
  });
  onTestFinished(() => file.close());
  return file;
}

/** A new, open vault. */
export async function createVault(): Promise<{ file: VaultFile; vault: OpenVault; path: string }> {
  const path = await vaultPath();
  const file = vaultFile(path);
  return { file, vault: await file.create(testPassphrase), path };
}
