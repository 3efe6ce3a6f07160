// The first schema. Columns bear the names of the rows in rows.ts; BLOB columns are sealed, except in `keyring`.
// Certificates keep the ids of plants and brokers as plain text: the record outlives what it speaks of.

import type { Migration } from './migration.ts';

export const firstSchema: Migration = {
  version: 1,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE keyring (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  memoryKib INTEGER NOT NULL,
  passes INTEGER NOT NULL,
  parallelism INTEGER NOT NULL,
  salt BLOB NOT NULL,
  wrappedKey BLOB NOT NULL,
  passphraseSetAt TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE authorities (
  authorityId TEXT PRIMARY KEY NOT NULL,
  subject TEXT NOT NULL,
  keyAlgorithm TEXT NOT NULL,
  certificatePem TEXT NOT NULL,
  serialNumber TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  notBefore TEXT NOT NULL,
  notAfter TEXT NOT NULL,
  crlPem TEXT NOT NULL,
  crlNumber INTEGER NOT NULL,
  crlThisUpdate TEXT NOT NULL,
  crlNextUpdate TEXT NOT NULL,
  createdAt TEXT NOT NULL,
  privateKey BLOB NOT NULL
) STRICT;

CREATE TABLE certificates (
  serialNumber TEXT PRIMARY KEY NOT NULL,
  authorityId TEXT NOT NULL REFERENCES authorities (authorityId),
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  subjectAltNames TEXT NOT NULL,
  plantId TEXT,
  brokerId TEXT,
  keyAlgorithm TEXT NOT NULL,
  certificatePem TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  notBefore TEXT NOT NULL,
  notAfter TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('issued', 'active', 'superseded', 'revoked')),
  revokedAt TEXT,
  revocationReason TEXT,
  createdAt TEXT NOT NULL,
  privateKey BLOB,
  CHECK ((state = 'revoked') = (revokedAt IS NOT NULL)),
  CHECK ((state = 'revoked') = (revocationReason IS NOT NULL))
) STRICT;
CREATE INDEX certificatesByPlant ON certificates (plantId);
CREATE INDEX certificatesByBroker ON certificates (brokerId);
CREATE INDEX certificatesByAuthority ON certificates (authorityId, state);

CREATE TABLE plants (
  plantId TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  site TEXT,
  authMethod TEXT NOT NULL CHECK (authMethod IN ('MTLS', 'PASSWORD', 'TOKEN')),
  username TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL CHECK (status IN ('PENDING', 'ACTIVE', 'REVOKED')),
  createdAt TEXT NOT NULL,
  updatedAt TEXT NOT NULL,
  lastSeenAt TEXT
) STRICT;
CREATE INDEX plantsByName ON plants (name COLLATE NOCASE, plantId);

CREATE TABLE credentials (
  credentialId TEXT PRIMARY KEY NOT NULL,
  plantId TEXT NOT NULL REFERENCES plants (plantId) ON DELETE CASCADE,
  authMethod TEXT NOT NULL CHECK (authMethod IN ('MTLS', 'PASSWORD', 'TOKEN')),
  state TEXT NOT NULL CHECK (state IN ('issued', 'deployed', 'active', 'superseded', 'revoked')),
  certificateSerialNumber TEXT REFERENCES certificates (serialNumber) DEFERRABLE INITIALLY DEFERRED,
  passwordHash TEXT,
  createdAt TEXT NOT NULL,
  expiresAt TEXT,
  handedOverAt TEXT,
  secrets BLOB
) STRICT;
CREATE INDEX credentialsByPlant ON credentials (plantId, createdAt);
CREATE INDEX credentialsByState ON credentials (state);
CREATE INDEX credentialsByCertificate ON credentials (certificateSerialNumber);

CREATE TABLE signingSecrets (
  plantId TEXT PRIMARY KEY NOT NULL REFERENCES plants (plantId) ON DELETE CASCADE,
  secret BLOB NOT NULL,
  setAt TEXT NOT NULL
) STRICT;

CREATE TABLE tokenKeys (
  keyId TEXT PRIMARY KEY NOT NULL,
  publicKeyPem TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'retired')),
  createdAt TEXT NOT NULL,
  privateKey BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX oneActiveTokenKey ON tokenKeys (state) WHERE state = 'active';

CREATE TABLE brokers (
  brokerId TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL UNIQUE,
  target TEXT NOT NULL,
  profile TEXT NOT NULL,
  host TEXT NOT NULL,
  subjectAltNames TEXT NOT NULL,
  ports TEXT NOT NULL,
  certificateSerialNumber TEXT REFERENCES certificates (serialNumber) DEFERRABLE INITIALLY DEFERRED,
  createdAt TEXT NOT NULL,
  lastPushedAt TEXT,
  lastPushDigest TEXT
) STRICT;
CREATE INDEX brokersByCertificate ON brokers (certificateSerialNumber);

CREATE TABLE devices (
  plantId TEXT PRIMARY KEY NOT NULL REFERENCES plants (plantId) ON DELETE CASCADE,
  host TEXT NOT NULL,
  port INTEGER NOT NULL,
  username TEXT NOT NULL,
  authentication TEXT NOT NULL CHECK (authentication IN ('password', 'privateKey', 'agent')),
  directory TEXT NOT NULL,
  hostKeyFingerprint TEXT,
  updatedAt TEXT NOT NULL,
  loginSecret BLOB
) STRICT;

CREATE TABLE operations (
  operationId TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'succeeded', 'failed', 'interrupted')),
  step TEXT,
  startedAt TEXT NOT NULL,
  finishedAt TEXT,
  errorCode TEXT
) STRICT;
CREATE INDEX operationsByState ON operations (state);

CREATE TABLE auditTrail (
  sequence INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  details TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER auditTrailGrowsAtItsEnd BEFORE INSERT ON auditTrail
WHEN NEW.sequence <= (SELECT max(sequence) FROM auditTrail)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER auditTrailKeepsRows BEFORE UPDATE ON auditTrail
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER auditTrailLosesNoRows BEFORE DELETE ON auditTrail
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

CREATE TABLE auditHead (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  head BLOB NOT NULL
) STRICT;
`;
