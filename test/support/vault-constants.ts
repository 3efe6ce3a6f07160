import type { KdfParameters } from '../../electron/vault/key-derivation.ts';

export const weakKdf: KdfParameters = { memoryKib: 8, passes: 1, parallelism: 1 };
export const testPassphrase = 'correct horse battery';
