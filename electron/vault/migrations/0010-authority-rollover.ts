// More than one authority in a vault: one issues, the next one is being made known, old ones are on their way out. Which
// of them a plant trusts is known by the credential that it holds. A revocation can be taken back as long as the row
// about it stands here. The tables are new, so every row of theirs has been sealed from the start.

import type { Migration } from './migration.ts';

export const authorityRollover: Migration = {
  version: 10,
  up: (db) => db.exec(sql),
};

const sql = `
ALTER TABLE authorities ADD COLUMN state TEXT NOT NULL DEFAULT 'current'
  CHECK (state IN ('next', 'current', 'retiring', 'retired'));
ALTER TABLE authorities ADD COLUMN isCompromised INTEGER NOT NULL DEFAULT 0 CHECK (isCompromised IN (0, 1));
ALTER TABLE authorities ADD COLUMN crossCertificatePem TEXT;
ALTER TABLE authorities ADD COLUMN crossIssuerId TEXT;
ALTER TABLE authorities ADD COLUMN retiredAt TEXT;
CREATE UNIQUE INDEX oneCurrentAuthority ON authorities (state) WHERE state = 'current';
CREATE UNIQUE INDEX oneNextAuthority ON authorities (state) WHERE state = 'next';

ALTER TABLE certificates ADD COLUMN invalidityDate TEXT CHECK (invalidityDate IS NULL OR state = 'revoked');

CREATE TABLE credentialTrusts (
  credentialId TEXT PRIMARY KEY NOT NULL REFERENCES credentials (credentialId) ON DELETE CASCADE,
  authorityIds TEXT NOT NULL,
  rowSeal BLOB
) STRICT;

CREATE TABLE openRevocations (
  plantId TEXT PRIMARY KEY NOT NULL REFERENCES plants (plantId) ON DELETE CASCADE,
  revokedAt TEXT NOT NULL,
  stateBefore TEXT NOT NULL,
  rowSeal BLOB
) STRICT;
`;
