// The number of a CRL may have 20 octets (RFC 5280, 5.2.3), and certtool of GnuTLS makes use of that: no integer of the
// database holds it, so it lies there in decimal digits.

import type { Migration } from './migration.ts';

export const crlNumbers: Migration = {
  version: 18,
  up: (db) => db.exec(sql),
};

const sql = `
ALTER TABLE authorities ADD COLUMN crlNumberDigits TEXT NOT NULL DEFAULT '0';
UPDATE authorities SET crlNumberDigits = CAST(crlNumber AS TEXT);
ALTER TABLE authorities DROP COLUMN crlNumber;
ALTER TABLE authorities RENAME COLUMN crlNumberDigits TO crlNumber;
`;
