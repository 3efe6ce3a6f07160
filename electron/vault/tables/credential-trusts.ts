import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { CredentialTrustTable } from '../rows/credentials.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { parseColumn } from './sql.ts';

const idsSchema = z.array(z.string());

export function credentialTrustTable(db: Database, sealer: Sealer): CredentialTrustTable {
  const rows = sealedRows<{ credentialId: string; authorityIds: string }>(db, sealer, 'credentialTrusts', [
    'credentialId',
    'authorityIds',
  ]);
  const ofThese = rows.select<[string]>('WHERE credentialId IN (SELECT value FROM json_each(?))');
  const put = db.prepare(
    `INSERT INTO credentialTrusts (credentialId, authorityIds) VALUES (?, ?)
     ON CONFLICT (credentialId) DO UPDATE SET authorityIds = excluded.authorityIds`,
  );
  return {
    listForCredentials: (credentialIds) =>
      new Map(
        ofThese
          .all(JSON.stringify(credentialIds))
          .map(({ credentialId, authorityIds }) => [credentialId, parseColumn(idsSchema, authorityIds)]),
      ),
    put: (credentialId, authorityIds) => {
      rows.write(credentialId, () => put.run(credentialId, JSON.stringify(authorityIds)));
    },
  };
}
