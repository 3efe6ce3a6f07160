import type { Database } from 'better-sqlite3';
import type { SigningSecretTable } from '../rows/plants.ts';
import type { Sealer } from '../sealing.ts';
import { requiringPlant } from './requiring-plant.ts';
import { sealedRows } from './sealed-rows.ts';

/** `set` replaces the plant's secret; it throws `plant/not-found` when the plant is not there. */
export function signingSecretTable(db: Database, sealer: Sealer): SigningSecretTable {
  const rows = sealedRows(db, sealer, 'signingSecrets', []);
  const set = db.prepare(
    `INSERT INTO signingSecrets (plantId, secret, setAt) VALUES (?, ?, ?)
     ON CONFLICT (plantId) DO UPDATE SET secret = excluded.secret, setAt = excluded.setAt`,
  );

  return {
    get: (plantId) => rows.secret(plantId, 'secret'),
    set: (plantId, secret, at) =>
      requiringPlant(() => {
        rows.write(plantId, () => set.run(plantId, rows.sealed(plantId, 'secret', secret), at));
      }),
  };
}
