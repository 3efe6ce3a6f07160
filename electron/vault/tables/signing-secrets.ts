import type { Database } from 'better-sqlite3';
import type { SigningSecretTable } from '../rows.ts';
import type { Place, Sealer } from '../sealing.ts';
import { requiringPlant } from './requiring-plant.ts';

const secretPlace = (plantId: string): Place => ({ table: 'signingSecrets', row: plantId, column: 'secret' });

/** `set` replaces the plant's secret; it throws `plant/not-found` when the plant is not there. */
export function signingSecretTable(db: Database, sealer: Sealer): SigningSecretTable {
  const get = db.prepare<[string], Buffer>('SELECT secret FROM signingSecrets WHERE plantId = ?').pluck();
  const set = db.prepare(
    `INSERT INTO signingSecrets (plantId, secret, setAt) VALUES (?, ?, ?)
     ON CONFLICT (plantId) DO UPDATE SET secret = excluded.secret, setAt = excluded.setAt`,
  );

  return {
    get: (plantId) => {
      const sealed = get.get(plantId);
      return sealed && sealer.open(secretPlace(plantId), sealed);
    },
    set: (plantId, secret, at) =>
      requiringPlant(() => {
        set.run(plantId, sealer.seal(secretPlace(plantId), secret), at);
      }),
  };
}
