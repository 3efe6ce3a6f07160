// What was recorded of a broker can be named by its fingerprint; the file itself lies beside the vault. No broker is
// referred to, for a recording outlives it.

import type { Migration } from './migration.ts';

export const recordings: Migration = {
  version: 19,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE recordings (
  recordingId TEXT PRIMARY KEY NOT NULL,
  note TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('recorded', 'imported')),
  brokerId TEXT,
  brokerName TEXT NOT NULL,
  startedAt TEXT NOT NULL,
  endedAt TEXT,
  ending TEXT CHECK (ending IN ('stopped', 'locked', 'full', 'disk-full', 'failed', 'cut')),
  messages INTEGER NOT NULL,
  dropped INTEGER NOT NULL,
  badLines INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT,
  rowSeal BLOB,
  CHECK ((endedAt IS NULL) = (ending IS NULL))
) STRICT;
`;
