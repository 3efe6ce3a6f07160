import type { Database } from 'better-sqlite3';
import type { DeviceRow, DeviceTable } from '../rows.ts';
import type { Place, Sealer } from '../sealing.ts';
import { requiringPlant } from './requiring-plant.ts';
import { insertInto, mustChange, selectFrom } from './sql.ts';

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

const loginSecretPlace = (plantId: string): Place => ({ table: 'devices', row: plantId, column: 'loginSecret' });

/** `put` throws `plant/not-found` when the plant is not there, `pinHostKey` throws `device/not-found`. */
export function deviceTable(db: Database, sealer: Sealer): DeviceTable {
  const get = db.prepare<[string], DeviceRow>(`${selectFrom('devices', columns)} WHERE plantId = ?`);
  const list = db.prepare<[], DeviceRow>(`${selectFrom('devices', columns)} ORDER BY host, port, plantId`);
  const put = db.prepare(
    `${insertInto('devices', [...columns, 'loginSecret'])}
     ON CONFLICT (plantId) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')},
       loginSecret = coalesce(excluded.loginSecret, loginSecret)`,
  );
  const loginSecret = db.prepare<[string], Buffer | null>('SELECT loginSecret FROM devices WHERE plantId = ?').pluck();
  const pinHostKey = db.prepare('UPDATE devices SET hostKeyFingerprint = ?, updatedAt = ? WHERE plantId = ?');
  const remove = db.prepare('DELETE FROM devices WHERE plantId = ?');

  return {
    get: (plantId) => get.get(plantId),
    list: () => list.all(),
    put: (row, secret) =>
      requiringPlant(() => {
        put.run({
          ...row,
          loginSecret: secret === undefined ? null : sealer.seal(loginSecretPlace(row.plantId), secret),
        });
      }),
    loginSecret: (plantId) => {
      const sealed = loginSecret.get(plantId);
      return sealed ? sealer.open(loginSecretPlace(plantId), sealed) : undefined;
    },
    pinHostKey: (plantId, fingerprint, at) => mustChange(pinHostKey.run(fingerprint, at, plantId), 'device/not-found'),
    delete: (plantId) => {
      remove.run(plantId);
    },
  };
}
