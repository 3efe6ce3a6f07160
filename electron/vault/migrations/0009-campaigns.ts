// Campaigns and their plants. A plant's row has its own name and no reference: the record of a campaign outlives the plant.

import type { Migration } from './migration.ts';

export const campaigns: Migration = {
  version: 9,
  up: (db) => db.exec(sql),
};

const sql = `
CREATE TABLE campaigns (
  campaignId TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  pausedBecause TEXT,
  problemCode TEXT,
  problemDetail TEXT,
  settings TEXT NOT NULL,
  createdBy TEXT NOT NULL,
  createdAt TEXT NOT NULL,
  approvedBy TEXT,
  approvedAt TEXT,
  finishedAt TEXT,
  rowSeal BLOB
) STRICT;
CREATE TABLE campaignPlants (
  campaignPlantId TEXT PRIMARY KEY NOT NULL,
  campaignId TEXT NOT NULL REFERENCES campaigns (campaignId) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  plantId TEXT NOT NULL,
  plantName TEXT NOT NULL,
  state TEXT NOT NULL,
  outcome TEXT,
  attempts INTEGER NOT NULL,
  credentialId TEXT,
  startedAt TEXT,
  finishedAt TEXT,
  errorCode TEXT,
  errorDetail TEXT,
  rowSeal BLOB
) STRICT;
CREATE UNIQUE INDEX campaignPlantsByCampaign ON campaignPlants (campaignId, position);
CREATE INDEX campaignPlantsByPlant ON campaignPlants (plantId);
CREATE TABLE approvers (
  name TEXT PRIMARY KEY NOT NULL COLLATE NOCASE,
  verifier BLOB NOT NULL,
  createdAt TEXT NOT NULL,
  rowSeal BLOB
) STRICT;
`;
