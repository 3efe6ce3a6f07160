// Bundles that left on a stick, each with the secret that the receipt of its installation is authenticated by. Neither
// the bundle's file nor its code is kept.

import type { Migration } from './migration.ts';

export const offlineBundles: Migration = {
  version: 7,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE offlineBundles (
  bundleId TEXT PRIMARY KEY NOT NULL,
  plantId TEXT NOT NULL REFERENCES plants (plantId) ON DELETE CASCADE,
  credentialId TEXT NOT NULL REFERENCES credentials (credentialId) ON DELETE CASCADE,
  fileName TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  directory TEXT NOT NULL,
  keyIsOnDevice INTEGER NOT NULL,
  exportedAt TEXT NOT NULL,
  receiptSecret BLOB NOT NULL,
  importedAt TEXT,
  receipt TEXT,
  rowSeal BLOB
) STRICT;
CREATE INDEX offlineBundlesByPlant ON offlineBundles (plantId);
`;
