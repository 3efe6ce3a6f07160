// What pushing as a transaction needs to remember: secrets of remote targets, what the last push brought, the account
// that probes with, when a plant was revoked, and which token keys are trusted beside the one that signs.
// BLOB columns are sealed. `tokenKeys` is made anew because SQLite cannot change a CHECK; its sealed values stay bound
// to the same table, row and column.

import type { Migration } from './migration.ts';

export const brokerPushes: Migration = {
  version: 2,
  up: (db) => db.exec(sql),
};

const sql = `
ALTER TABLE brokers ADD COLUMN hostKeys TEXT NOT NULL DEFAULT '{}';
ALTER TABLE brokers ADD COLUMN crlNextUpdate TEXT;
ALTER TABLE brokers ADD COLUMN targetSecret BLOB;
ALTER TABLE brokers ADD COLUMN pushRecord BLOB;

ALTER TABLE plants ADD COLUMN revokedAt TEXT;
UPDATE plants SET revokedAt = updatedAt WHERE status = 'REVOKED';

CREATE TABLE newTokenKeys (
  keyId TEXT PRIMARY KEY NOT NULL,
  publicKeyPem TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('trusted', 'active', 'retired')),
  createdAt TEXT NOT NULL,
  privateKey BLOB NOT NULL
) STRICT;
INSERT INTO newTokenKeys (keyId, publicKeyPem, state, createdAt, privateKey)
  SELECT keyId, publicKeyPem, state, createdAt, privateKey FROM tokenKeys ORDER BY rowid;
DROP TABLE tokenKeys;
ALTER TABLE newTokenKeys RENAME TO tokenKeys;
CREATE UNIQUE INDEX oneActiveTokenKey ON tokenKeys (state) WHERE state = 'active';

CREATE TABLE tokenIssues (
  plantId TEXT PRIMARY KEY NOT NULL REFERENCES plants (plantId) ON DELETE CASCADE,
  keyId TEXT NOT NULL REFERENCES tokenKeys (keyId),
  issuedAt TEXT NOT NULL,
  expiresAt TEXT NOT NULL
) STRICT;

CREATE TABLE probeAccounts (
  brokerId TEXT PRIMARY KEY NOT NULL REFERENCES brokers (brokerId) ON DELETE CASCADE,
  plantId TEXT NOT NULL,
  passwordHash TEXT NOT NULL,
  password BLOB NOT NULL
) STRICT;
`;
