// Whoever edits the file without the passphrase is found out: every row gets a seal (row-seals.ts). The seals themselves
// need the data key, so they are set by upgrade.ts, in the same transaction. The audit trail is made anew because SQLite
// cannot add a CHECK; its entries count from 1.

import type { Migration } from './migration.ts';

export const rowSeals: Migration = {
  version: 4,
  up: (db) => db.exec(sql),
};

const sql = `
ALTER TABLE authorities ADD COLUMN rowSeal BLOB;
ALTER TABLE brokers ADD COLUMN rowSeal BLOB;
ALTER TABLE certificates ADD COLUMN rowSeal BLOB;
ALTER TABLE credentials ADD COLUMN rowSeal BLOB;
ALTER TABLE devices ADD COLUMN rowSeal BLOB;
ALTER TABLE operations ADD COLUMN rowSeal BLOB;
ALTER TABLE plants ADD COLUMN rowSeal BLOB;
ALTER TABLE probeAccounts ADD COLUMN rowSeal BLOB;
ALTER TABLE settings ADD COLUMN rowSeal BLOB;
ALTER TABLE signingSecrets ADD COLUMN rowSeal BLOB;
ALTER TABLE tokenIssues ADD COLUMN rowSeal BLOB;
ALTER TABLE tokenKeys ADD COLUMN rowSeal BLOB;
ALTER TABLE withdrawals ADD COLUMN rowSeal BLOB;

CREATE TABLE newAuditTrail (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  details TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO newAuditTrail (sequence, at, actor, action, subject, details, hash)
  SELECT sequence, at, actor, action, subject, details, hash FROM auditTrail ORDER BY sequence;
DROP TABLE auditTrail;
ALTER TABLE newAuditTrail RENAME TO auditTrail;
CREATE TRIGGER auditTrailGrowsAtItsEnd BEFORE INSERT ON auditTrail
WHEN NEW.sequence <= (SELECT max(sequence) FROM auditTrail)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER auditTrailKeepsRows BEFORE UPDATE ON auditTrail
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER auditTrailLosesNoRows BEFORE DELETE ON auditTrail
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
`;
