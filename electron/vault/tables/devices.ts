import type { Database } from 'better-sqlite3';
import { jumpHostSchema } from '../../../shared/model/device.ts';
import type { DeviceRow, DeviceTable } from '../rows/devices.ts';
import type { Sealer } from '../sealing.ts';
import { requiringPlant } from './requiring-plant.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, mustChange, parseColumn } from './sql.ts';

const columns = [
  'plantId',
  'host',
  'port',
  'username',
  'authentication',
  'directory',
  'transport',
  'rights',
  'owner',
  'restartCommand',
  'jump',
  'jumpHostKeyFingerprint',
  'allowsLegacyAlgorithms',
  'hostKeyFingerprint',
  'updatedAt',
] as const satisfies readonly (keyof DeviceRow)[];

type StoredDevice = Omit<DeviceRow, 'jump' | 'allowsLegacyAlgorithms'> & {
  jump: string;
  allowsLegacyAlgorithms: 0 | 1;
};

const jumpColumnSchema = jumpHostSchema.nullable();

const toRow = (stored: StoredDevice): DeviceRow => ({
  ...stored,
  jump: parseColumn(jumpColumnSchema, stored.jump),
  allowsLegacyAlgorithms: stored.allowsLegacyAlgorithms === 1,
});

const toStored = (row: DeviceRow): StoredDevice => ({
  ...row,
  jump: JSON.stringify(row.jump),
  allowsLegacyAlgorithms: row.allowsLegacyAlgorithms ? 1 : 0,
});

/** `put` throws `plant/not-found` when the plant is not there, `pinHostKey` throws `device/not-found`. */
export function deviceTable(db: Database, sealer: Sealer): DeviceTable {
  const rows = sealedRows<StoredDevice>(db, sealer, 'devices', columns);
  const byPlant = rows.select<[string]>('WHERE plantId = ?');
  const byHostKey = rows.select<[string]>('WHERE hostKeyFingerprint = ? ORDER BY host, port, plantId');
  const all = rows.select('ORDER BY host, port, plantId');
  const put = db.prepare(
    `${insertInto('devices', [...columns, 'loginSecret'])}
     ON CONFLICT (plantId) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')},
       loginSecret = coalesce(excluded.loginSecret, loginSecret)`,
  );
  const pin = {
    device: db.prepare('UPDATE devices SET hostKeyFingerprint = ?, updatedAt = ? WHERE plantId = ?'),
    jump: db.prepare('UPDATE devices SET jumpHostKeyFingerprint = ?, updatedAt = ? WHERE plantId = ?'),
  };
  const remove = db.prepare('DELETE FROM devices WHERE plantId = ?');

  return {
    get: (plantId) => {
      const stored = byPlant.get(plantId);
      return stored && toRow(stored);
    },
    list: () => all.all().map(toRow),
    listByHostKey: (fingerprint) => byHostKey.all(fingerprint).map(toRow),
    put: (row, secret) =>
      requiringPlant(() => {
        const loginSecret = secret === undefined ? null : rows.sealed(row.plantId, 'loginSecret', secret);
        rows.write(row.plantId, () => put.run({ ...toStored(row), loginSecret }));
      }),
    loginSecret: (plantId) => rows.secret(plantId, 'loginSecret'),
    pinHostKey: (plantId, role, fingerprint, at) =>
      mustChange(
        rows.write(plantId, () => pin[role].run(fingerprint, at, plantId)),
        'device/not-found',
      ),
    delete: (plantId) => {
      remove.run(plantId);
    },
  };
}
