// What was handed over is kept as it was given, signature and all, so that it can be given again unchanged.

import type { Migration } from './migration.ts';

export const handovers: Migration = {
  version: 23,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE handovers (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  at TEXT NOT NULL,
  givenBy TEXT NOT NULL,
  givenTo TEXT NOT NULL,
  scope TEXT NOT NULL,
  plants INTEGER NOT NULL,
  recordingIds TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  auditSequence INTEGER NOT NULL,
  certificateSerialNumber TEXT NOT NULL,
  files BLOB NOT NULL,
  rowSeal BLOB
) STRICT;
`;
