// A CRL grows with its authority to megabytes: read and held against its seal with every look at the authority, it held
// the console up. So its text lies apart, so much to a row; the authority names the text that counts.

import type { Migration } from './migration.ts';

export const crlParts: Migration = {
  version: 14,
  up: (db) => db.exec(sql),
};

const partLength = 65_536;

const sql = `
CREATE TABLE crlParts (
  partId TEXT PRIMARY KEY NOT NULL,
  authorityId TEXT NOT NULL,
  bodyId TEXT NOT NULL,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  rowSeal BLOB
) STRICT;
CREATE UNIQUE INDEX crlPartsByBody ON crlParts (bodyId, position);
CREATE INDEX crlPartsByAuthority ON crlParts (authorityId);

WITH RECURSIVE parts (authorityId, position) AS (
  SELECT authorityId, 0 FROM authorities
  UNION ALL
  SELECT authorityId, position + 1 FROM parts JOIN authorities USING (authorityId)
  WHERE (position + 1) * ${partLength} < length(crlPem)
)
INSERT INTO crlParts (partId, authorityId, bodyId, position, text)
SELECT authorityId || '/' || position, authorityId, authorityId, position,
  substr(crlPem, position * ${partLength} + 1, ${partLength})
FROM parts JOIN authorities USING (authorityId);

ALTER TABLE authorities ADD COLUMN crlBodyId TEXT NOT NULL DEFAULT '';
ALTER TABLE authorities ADD COLUMN crlPartCount INTEGER NOT NULL DEFAULT 0;
UPDATE authorities SET crlBodyId = authorityId,
  crlPartCount = (SELECT count(*) FROM crlParts WHERE crlParts.bodyId = authorities.authorityId);
ALTER TABLE authorities DROP COLUMN crlPem;
`;
