// A CRL reaches neither live sessions nor tokens, so whoever was revoked is also muted by the brokers' ACL. The plant may
// be provisioned again, change its auth method or be deleted, and the token be valid still: a withdrawal is remembered
// by itself, with the time at which the last thing that was withdrawn ends.

import type { Migration } from './migration.ts';

export const withdrawals: Migration = {
  version: 3,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE withdrawals (
  plantId TEXT PRIMARY KEY NOT NULL,
  withdrawnUntil TEXT NOT NULL
) STRICT;
INSERT INTO withdrawals (plantId, withdrawnUntil)
  SELECT plantId, '9999-12-31T23:59:59.000Z' FROM plants WHERE status = 'REVOKED' AND authMethod <> 'PASSWORD';
`;
