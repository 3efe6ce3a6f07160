// The register of an authority that came from elsewhere: certificates that the console knows by their serial number only.
// There may be a hundred thousand, so they lie sealed by the page; what is asked for often stands beside in the clear.

import type { Migration } from './migration.ts';

export const registerPages: Migration = {
  version: 11,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE registerPages (
  pageId TEXT PRIMARY KEY NOT NULL,
  authorityId TEXT NOT NULL,
  position INTEGER NOT NULL,
  entryCount INTEGER NOT NULL,
  revokedCount INTEGER NOT NULL,
  lastNotAfter TEXT NOT NULL,
  entries BLOB NOT NULL,
  rowSeal BLOB
) STRICT;
CREATE UNIQUE INDEX registerPagesByAuthority ON registerPages (authorityId, position);
`;
