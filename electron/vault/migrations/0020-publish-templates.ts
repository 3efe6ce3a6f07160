// A message that is published again and again is kept under a name. Its payload is sealed: it may hold a secret.

import type { Migration } from './migration.ts';

export const publishTemplates: Migration = {
  version: 20,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE publishTemplates (
  templateId TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  topic TEXT NOT NULL,
  payload BLOB NOT NULL,
  encoding TEXT NOT NULL CHECK (encoding IN ('text', 'hex', 'base64')),
  qos INTEGER NOT NULL CHECK (qos IN (0, 1, 2)),
  retain INTEGER NOT NULL CHECK (retain IN (0, 1)),
  properties TEXT,
  updatedAt TEXT NOT NULL,
  rowSeal BLOB
) STRICT;
`;
