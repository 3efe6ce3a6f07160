// In an exported set lies, beside the folders of the authority that issues, one folder for every other authority of the
// vault: `retiring-1a2b3c4d/ca`, `retiring-1a2b3c4d/devices`. Both ends know them by these names.

import type { AuthorityState } from '../../../shared/model/certificate.ts';

/** Of an authority that does not issue; the digits are those that its SHA-256 fingerprint begins with. */
export const setFolderOf = (state: Exclude<AuthorityState, 'current'>, fingerprint: string): string =>
  `${state}-${fingerprint.replaceAll(':', '').slice(0, 8).toLowerCase()}`;

const setFolder = /^(?:.*\/)?((?:next|retiring|retired)-[0-9a-f]{8})\//;

/** In which of these folders a file of a set lies; undefined for what is in none. */
export const setFolderIn = (path: string): string | undefined => setFolder.exec(path)?.[1];
