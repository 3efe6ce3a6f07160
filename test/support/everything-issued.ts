import { expect } from 'vitest';
import type { TestConsole } from './console.ts';

/**
 * Ends a console, and holds every certificate and CRL that it has issued meanwhile against the checklist. For tests of
 * what the console issues: what others made and a test adopts may well be faulty.
 */
export async function disposeChecked(console: TestConsole): Promise<void> {
  try {
    expect(await faultsOf(console)).toEqual([]);
  } finally {
    await console.dispose();
  }
}

async function faultsOf({ client }: TestConsole): Promise<unknown[]> {
  if ((await client.vault.get()).state !== 'unlocked') return [];
  try {
    return (await client.authority.check()).faults;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'authority/not-found') return [];
    throw error;
  }
}
