import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { deviceFileSchema } from '../../../shared/model/device.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import type { DeviceStateRow, DeviceStateTable } from '../rows/devices.ts';
import type { Sealer } from '../sealing.ts';
import { requiringPlant } from './requiring-plant.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, parseColumn } from './sql.ts';

const columns = [
  'plantId',
  'outcome',
  'seenAt',
  'credentialId',
  'files',
  'certificateFingerprint',
  'previousKept',
  'previousCredentialId',
] as const satisfies readonly (keyof DeviceStateRow)[];

type StoredState = Omit<DeviceStateRow, 'files' | 'previousKept'> & { files: string; previousKept: 0 | 1 };

const filesSchema = z.array(deviceFileSchema);

const toRow = (stored: StoredState): DeviceStateRow => ({
  ...stored,
  files: parseColumn(filesSchema, stored.files),
  previousKept: stored.previousKept === 1,
});

/** One row a plant. `put` throws `plant/not-found`. */
export function deviceStateTable(db: Database, sealer: Sealer): DeviceStateTable {
  const rows = sealedRows<StoredState>(db, sealer, 'deviceStates', columns);
  const byPlant = rows.select<[PlantId]>('WHERE plantId = ?');
  const byPlants = rows.select<[string]>('WHERE plantId IN (SELECT value FROM json_each(?))');
  const put = db.prepare(
    `${insertInto('deviceStates', columns)}
     ON CONFLICT (plantId) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
  );
  return {
    get: (plantId) => {
      const stored = byPlant.get(plantId);
      return stored && toRow(stored);
    },
    listForPlants: (plantIds) => byPlants.all(JSON.stringify(plantIds)).map(toRow),
    put: (row) =>
      requiringPlant(() => {
        const stored = { ...row, files: JSON.stringify(row.files), previousKept: row.previousKept ? 1 : 0 };
        rows.write(row.plantId, () => put.run(stored));
      }),
  };
}
