// What the operator wants to be told of, and the log of what was told. The log refers to nothing: it outlives rules,
// plants and brokers.

import type { Migration } from './migration.ts';

export const alerts: Migration = {
  version: 21,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE alertRules (
  ruleId TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  brokerId TEXT,
  isEnabled INTEGER NOT NULL CHECK (isEnabled IN (0, 1)),
  condition TEXT NOT NULL,
  rowSeal BLOB
) STRICT;

CREATE TABLE alerts (
  alertId TEXT PRIMARY KEY NOT NULL,
  ruleId TEXT NOT NULL,
  ruleName TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('silent', 'value', 'alarm', 'refused')),
  brokerId TEXT,
  brokerName TEXT NOT NULL,
  plantId TEXT,
  subject TEXT NOT NULL,
  what TEXT NOT NULL,
  value TEXT,
  raisedAt TEXT NOT NULL,
  lastAt TEXT NOT NULL,
  endedAt TEXT,
  count INTEGER NOT NULL CHECK (count > 0),
  acknowledgedBy TEXT,
  acknowledgedAt TEXT,
  rowSeal BLOB,
  CHECK ((acknowledgedAt IS NULL) = (acknowledgedBy IS NULL))
) STRICT;

CREATE INDEX alertsBySubject ON alerts (ruleId, subject);
`;
