// Which broker a credential's plant connects to, where that was said: the next credential goes to the same one. A broker
// may be deleted; the record stays.

import type { Migration } from './migration.ts';

export const credentialBrokers: Migration = {
  version: 12,
  up: (db) => db.exec('ALTER TABLE credentials ADD COLUMN brokerId TEXT'),
};
