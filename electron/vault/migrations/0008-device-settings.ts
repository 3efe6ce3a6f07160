// Devices differ in more than their address: how files come there, with whose rights, through which host, and what
// makes the MQTT client read its files anew. Logins become one sealed JSON value each, which upgrade.ts wraps: that
// needs the data key.

import type { Migration } from './migration.ts';

export const deviceSettings: Migration = {
  version: 8,
  up: (db) => db.exec(sql),
};

const sql = `
ALTER TABLE devices ADD COLUMN transport TEXT NOT NULL DEFAULT 'shell' CHECK (transport IN ('shell', 'sftp', 'scp'));
ALTER TABLE devices ADD COLUMN rights TEXT NOT NULL DEFAULT 'login' CHECK (rights IN ('login', 'sudo', 'doas'));
ALTER TABLE devices ADD COLUMN owner TEXT;
ALTER TABLE devices ADD COLUMN restartCommand TEXT;
ALTER TABLE devices ADD COLUMN jump TEXT NOT NULL DEFAULT 'null';
ALTER TABLE devices ADD COLUMN jumpHostKeyFingerprint TEXT;
ALTER TABLE devices ADD COLUMN allowsLegacyAlgorithms INTEGER NOT NULL DEFAULT 0 CHECK (allowsLegacyAlgorithms IN (0, 1));
`;
