import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { PlantId } from '../../../shared/model/plant.ts';
import type { CredentialFilesRow, CredentialFilesTable } from '../rows/credentials.ts';
import type { Sealer } from '../sealing.ts';
import { requiringPlant } from './requiring-plant.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, parseColumn } from './sql.ts';

type StoredFiles = Omit<CredentialFilesRow, 'files'> & { files: string };

const filesSchema = z.array(z.object({ name: z.string(), sha256: z.string() }));

const toRow = (stored: StoredFiles): CredentialFilesRow => ({
  ...stored,
  files: parseColumn(filesSchema, stored.files),
});

/** One row a credential. `put` throws `plant/not-found`. */
export function credentialFilesTable(db: Database, sealer: Sealer): CredentialFilesTable {
  const rows = sealedRows<StoredFiles>(db, sealer, 'credentialFiles', ['credentialId', 'plantId', 'files']);
  const byPlant = rows.select<[PlantId]>('WHERE plantId = ?');
  const put = db.prepare(
    `${insertInto('credentialFiles', ['credentialId', 'plantId', 'files', 'signingSecret'])}
     ON CONFLICT (credentialId) DO UPDATE SET files = excluded.files, signingSecret = excluded.signingSecret`,
  );
  return {
    listForPlant: (plantId) => byPlant.all(plantId).map(toRow),
    put: (row, secret) =>
      requiringPlant(() => {
        const signingSecret = rows.sealed(row.credentialId, 'signingSecret', secret);
        rows.write(row.credentialId, () => put.run({ ...row, files: JSON.stringify(row.files), signingSecret }));
      }),
    signingSecret: (credentialId) => rows.secret(credentialId, 'signingSecret'),
  };
}
