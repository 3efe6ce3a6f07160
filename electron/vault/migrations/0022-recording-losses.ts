// What a recording lacks and as whom it was made. The table is made anew because SQLite cannot change a CHECK, nor let a
// column be null: of a recording that was cut off, or that came from elsewhere, nobody knows what was dropped.

import type { Migration } from './migration.ts';

export const recordingLosses: Migration = {
  version: 22,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE newRecordings (
  recordingId TEXT PRIMARY KEY NOT NULL,
  note TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('recorded', 'imported')),
  brokerId TEXT,
  brokerName TEXT NOT NULL,
  filters TEXT,
  identity TEXT,
  startedAt TEXT NOT NULL,
  endedAt TEXT,
  ending TEXT CHECK (ending IN ('stopped', 'locked', 'replaced', 'full', 'disk-full', 'failed', 'cut')),
  messages INTEGER NOT NULL,
  dropped INTEGER,
  oversized INTEGER,
  droppedByBroker INTEGER,
  gaps INTEGER,
  gapMs INTEGER,
  badLines INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT,
  rowSeal BLOB,
  CHECK ((endedAt IS NULL) = (ending IS NULL))
) STRICT;
INSERT INTO newRecordings
  (recordingId, note, origin, brokerId, brokerName, startedAt, endedAt, ending, messages, dropped, badLines, bytes, sha256)
  SELECT recordingId, note, origin, brokerId, brokerName, startedAt, endedAt, ending, messages,
    iif(ending = 'cut' OR origin = 'imported', NULL, dropped), badLines, bytes, sha256
  FROM recordings ORDER BY rowid;
DROP TABLE recordings;
ALTER TABLE newRecordings RENAME TO recordings;
`;
