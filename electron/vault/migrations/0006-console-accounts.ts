// A broker of the `plantops` profile asks for a password and nothing else, so the console has one there: a password of
// its own for each such broker, since it travels there without TLS.

import type { Migration } from './migration.ts';

export const consoleAccounts: Migration = {
  version: 6,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE consoleAccounts (
  brokerId TEXT PRIMARY KEY NOT NULL REFERENCES brokers (brokerId) ON DELETE CASCADE,
  passwordHash TEXT NOT NULL,
  password BLOB NOT NULL,
  rowSeal BLOB
) STRICT;
`;
