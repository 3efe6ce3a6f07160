// Rule sets, each as it was saved. Which one is in force is a setting, so that these rows never change.

import type { Migration } from './migration.ts';

export const policyVersions: Migration = {
  version: 13,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE policyVersions (
  version INTEGER PRIMARY KEY NOT NULL,
  note TEXT NOT NULL,
  author TEXT NOT NULL,
  savedAt TEXT NOT NULL,
  text TEXT NOT NULL,
  rowSeal BLOB
) STRICT;
`;
