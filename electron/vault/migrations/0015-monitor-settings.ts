// How a broker is listened to (as whom, to which topics, within which budget) is set once and holds until it is changed.

import type { Migration } from './migration.ts';

export const monitorSettings: Migration = {
  version: 15,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE monitorSettings (
  brokerId TEXT PRIMARY KEY NOT NULL REFERENCES brokers (brokerId) ON DELETE CASCADE,
  settings TEXT NOT NULL,
  rowSeal BLOB
) STRICT;
`;
