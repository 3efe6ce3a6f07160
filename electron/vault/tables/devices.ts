import type { Database } from 'better-sqlite3';
import type { DeviceRow, DeviceTable } from '../rows.ts';
import type { Sealer } from '../sealing.ts';
import { requiringPlant } from './requiring-plant.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, mustChange } from './sql.ts';

const columns = [
  'plantId',
  'host',
  'port',
  'username',
  'authentication',
  'directory',
  'hostKeyFingerprint',
  'updatedAt',
] as const satisfies readonly (keyof DeviceRow)[];

/** `put` throws `plant/not-found` when the plant is not there, `pinHostKey` throws `device/not-found`. */
export function deviceTable(db: Database, sealer: Sealer): DeviceTable {
  const rows = sealedRows<DeviceRow>(db, sealer, 'devices', columns);
  const byPlant = rows.select<[string]>('WHERE plantId = ?');
  const all = rows.select('ORDER BY host, port, plantId');
  const put = db.prepare(
    `${insertInto('devices', [...columns, 'loginSecret'])}
     ON CONFLICT (plantId) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')},
       loginSecret = coalesce(excluded.loginSecret, loginSecret)`,
  );
  const pinHostKey = db.prepare('UPDATE devices SET hostKeyFingerprint = ?, updatedAt = ? WHERE plantId = ?');
  const remove = db.prepare('DELETE FROM devices WHERE plantId = ?');

  return {
    get: (plantId) => byPlant.get(plantId),
    list: () => all.all(),
    put: (row, secret) =>
      requiringPlant(() => {
        const loginSecret = secret === undefined ? null : rows.sealed(row.plantId, 'loginSecret', secret);
        rows.write(row.plantId, () => put.run({ ...row, loginSecret }));
      }),
    loginSecret: (plantId) => rows.secret(plantId, 'loginSecret'),
    pinHostKey: (plantId, fingerprint, at) =>
      mustChange(
        rows.write(plantId, () => pinHostKey.run(fingerprint, at, plantId)),
        'device/not-found',
      ),
    delete: (plantId) => {
      remove.run(plantId);
    },
  };
}
