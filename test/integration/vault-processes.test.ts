// Two consoles and one vault, as two real processes; also one that dies without a word.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createVault, vaultFile } from '../support/vault.ts';
import { testPassphrase } from '../support/vault-constants.ts';

const holder = fileURLToPath(new URL('../support/vault-holder.ts', import.meta.url));

/** Starts a console on the vault; gives the process and what it said. */
async function openElsewhere(path: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [holder, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [said] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, said: String(said) };
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

test('a vault that is open here is refused to another process', async () => {
  const { file, path } = await createVault();
  expect((await openElsewhere(path)).said).toBe('vault/in-use');
  expect(file.state()).toBe('unlocked');
  file.lock();
  expect((await openElsewhere(path)).said).toBe('unlocked');
});

test('a vault that is open in another process is refused here, until that process dies', async () => {
  const { file, path } = await createVault();
  file.lock();
  const { child, said } = await openElsewhere(path);
  expect(said).toBe('unlocked');
  const here = vaultFile(path);
  await expect(here.unlock(testPassphrase)).rejects.toMatchObject({ code: 'vault/in-use' });
  await expect(here.backup()).rejects.toMatchObject({ code: 'vault/in-use' });

  await kill(child);
  const vault = await here.unlock(testPassphrase);
  expect(vault.settings.get('held-by')).toBe('another process');
});

test('what a killed process had written is in a backup made before the next unlock', async () => {
  const { file, path } = await createVault();
  file.lock();
  const { child, said } = await openElsewhere(path);
  expect(said).toBe('unlocked');
  await kill(child);
  const bytes = await file.backup();
  const restored = await vaultFile(`${path}.restored`).restore(bytes, testPassphrase);
  expect(restored.settings.get('held-by')).toBe('another process');
});
