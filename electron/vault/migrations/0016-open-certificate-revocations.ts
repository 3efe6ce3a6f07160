// A certificate without a plant is revoked by itself, and that can be taken back as well as a plant's revocation, as long
// as the row about it stands here. Of one that is known by its serial number only there is no state before.

import type { Migration } from './migration.ts';

export const openCertificateRevocations: Migration = {
  version: 16,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE openCertificateRevocations (
  serialNumber TEXT PRIMARY KEY NOT NULL,
  authorityId TEXT NOT NULL,
  revokedAt TEXT NOT NULL,
  stateBefore TEXT CHECK (stateBefore IN ('issued', 'active', 'superseded')),
  rowSeal BLOB
) STRICT;
`;
