// Which key a certificate certifies, so that no key is certified for two plants, nor again once others have it. And of a
// credential, whether its private key was made elsewhere and is there: its renewal goes on with that key. Of credentials
// from before it is known where a bundle answered a request.

import { certifiedKeyThumbprint } from '../../platform/key-thumbprint.ts';
import type { Migration } from './migration.ts';

export const certifiedKeys: Migration = {
  version: 17,
  up: (db) => {
    db.exec(sql);
    const write = db.prepare('UPDATE certificates SET keyThumbprint = ? WHERE serialNumber = ?');
    const known = db
      .prepare<[], { serialNumber: string; certificatePem: string }>(
        'SELECT serialNumber, certificatePem FROM certificates',
      )
      .all();
    for (const { serialNumber, certificatePem } of known)
      write.run(certifiedKeyThumbprint(certificatePem), serialNumber);
  },
};

const sql = `
ALTER TABLE certificates ADD COLUMN keyThumbprint TEXT;
CREATE INDEX certificatesByKey ON certificates (keyThumbprint);
ALTER TABLE credentials ADD COLUMN keyIsElsewhere INTEGER NOT NULL DEFAULT 0 CHECK (keyIsElsewhere IN (0, 1));
UPDATE credentials SET keyIsElsewhere = 1
  WHERE credentialId IN (SELECT credentialId FROM offlineBundles WHERE keyIsOnDevice = 1);
`;
