// Alerts of brokers that are away, and by name and clock of the plant. The table is made anew because SQLite cannot change
// a CHECK.

import type { Migration } from './migration.ts';

export const alertLog: Migration = {
  version: 24,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE newAlerts (
  alertId TEXT PRIMARY KEY NOT NULL,
  ruleId TEXT NOT NULL,
  ruleName TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('silent', 'value', 'alarm', 'refused', 'unreachable')),
  brokerId TEXT,
  brokerName TEXT NOT NULL,
  plantId TEXT,
  plantName TEXT,
  subject TEXT NOT NULL,
  what TEXT NOT NULL,
  value TEXT,
  raisedAt TEXT NOT NULL,
  saidAt TEXT,
  lastAt TEXT NOT NULL,
  endedAt TEXT,
  count INTEGER NOT NULL CHECK (count > 0),
  acknowledgedBy TEXT,
  acknowledgedAt TEXT,
  rowSeal BLOB,
  CHECK ((acknowledgedAt IS NULL) = (acknowledgedBy IS NULL))
) STRICT;
INSERT INTO newAlerts
  (alertId, ruleId, ruleName, kind, brokerId, brokerName, plantId, plantName, subject, what, value, raisedAt, lastAt,
   endedAt, count, acknowledgedBy, acknowledgedAt)
  SELECT alertId, ruleId, ruleName, kind, brokerId, brokerName, plantId,
    (SELECT name FROM plants WHERE plants.plantId = alerts.plantId), subject, what, value, raisedAt, lastAt,
    endedAt, count, acknowledgedBy, acknowledgedAt
  FROM alerts ORDER BY rowid;
DROP TABLE alerts;
ALTER TABLE newAlerts RENAME TO alerts;
CREATE INDEX alertsBySubject ON alerts (ruleId, subject);
`;
