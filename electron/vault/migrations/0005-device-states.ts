// What lies on a device is told by hashes, and must still be told apart when a credential's secrets are gone from the
// vault: so the hashes of its files are kept beside it, with what the plant signs by while it holds them.

import type { Migration } from './migration.ts';

export const deviceStates: Migration = {
  version: 5,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE credentialFiles (
  credentialId TEXT PRIMARY KEY NOT NULL REFERENCES credentials (credentialId) ON DELETE CASCADE,
  plantId TEXT NOT NULL REFERENCES plants (plantId) ON DELETE CASCADE,
  files TEXT NOT NULL,
  signingSecret BLOB NOT NULL,
  rowSeal BLOB
) STRICT;
CREATE INDEX credentialFilesByPlant ON credentialFiles (plantId);

CREATE TABLE deviceStates (
  plantId TEXT PRIMARY KEY NOT NULL REFERENCES plants (plantId) ON DELETE CASCADE,
  outcome TEXT NOT NULL CHECK (outcome IN ('read', 'lost', 'uncertain')),
  seenAt TEXT,
  credentialId TEXT,
  files TEXT NOT NULL,
  certificateFingerprint TEXT,
  previousKept INTEGER NOT NULL,
  previousCredentialId TEXT,
  rowSeal BLOB
) STRICT;
`;
