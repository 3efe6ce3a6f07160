import type { Database } from 'better-sqlite3';
import type { PlantId } from '../../../shared/model/plant.ts';
import type { OfflineBundleRow, OfflineBundleTable } from '../rows/offline-bundles.ts';
import type { Sealer } from '../sealing.ts';
import { requiringPlant } from './requiring-plant.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, mustChange } from './sql.ts';

const insertedColumns = [
  'bundleId',
  'plantId',
  'credentialId',
  'fileName',
  'sha256',
  'directory',
  'keyIsOnDevice',
  'exportedAt',
] as const satisfies readonly (keyof OfflineBundleRow)[];

type StoredBundle = Omit<OfflineBundleRow, 'keyIsOnDevice'> & { keyIsOnDevice: 0 | 1 };

const toRow = (stored: StoredBundle): OfflineBundleRow => ({ ...stored, keyIsOnDevice: stored.keyIsOnDevice === 1 });

/** Lists are newest first. `insert` throws `plant/not-found`, `close` `offline/bundle-not-found`. */
export function offlineBundleTable(db: Database, sealer: Sealer): OfflineBundleTable {
  const rows = sealedRows<StoredBundle>(db, sealer, 'offlineBundles', [...insertedColumns, 'importedAt', 'receipt']);
  const insert = db.prepare(insertInto('offlineBundles', [...insertedColumns, 'receiptSecret']));
  const byId = rows.select<[string]>('WHERE bundleId = ?');
  const all = rows.select<[]>('ORDER BY exportedAt DESC, rowid DESC');
  const byPlant = rows.select<[PlantId]>('WHERE plantId = ? ORDER BY exportedAt DESC, rowid DESC');
  const close = db.prepare('UPDATE offlineBundles SET importedAt = ?, receipt = ? WHERE bundleId = ?');
  return {
    insert: (row, secret) =>
      requiringPlant(() => {
        const receiptSecret = rows.sealed(row.bundleId, 'receiptSecret', secret);
        const keyIsOnDevice = row.keyIsOnDevice ? 1 : 0;
        rows.write(row.bundleId, () => insert.run({ ...row, keyIsOnDevice, receiptSecret }));
      }),
    get: (bundleId) => {
      const stored = byId.get(bundleId);
      return stored && toRow(stored);
    },
    list: (plantId) => (plantId === undefined ? all.all() : byPlant.all(plantId)).map(toRow),
    receiptSecret: (bundleId) => rows.secret(bundleId, 'receiptSecret'),
    close: (bundleId, at, receipt) =>
      mustChange(
        rows.write(bundleId, () => close.run(at, receipt, bundleId)),
        'offline/bundle-not-found',
      ),
  };
}
