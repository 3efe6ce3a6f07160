import type { Database } from 'better-sqlite3';
import type { PlantId } from '../../../shared/model/plant.ts';
import type { CredentialRow, CredentialTable } from '../rows/credentials.ts';
import type { Sealer } from '../sealing.ts';
import { requiringPlant } from './requiring-plant.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, mustChange } from './sql.ts';

const insertedColumns = [
  'credentialId',
  'plantId',
  'authMethod',
  'state',
  'certificateSerialNumber',
  'passwordHash',
  'createdAt',
  'expiresAt',
  'brokerId',
  'keyIsElsewhere',
] as const satisfies readonly (keyof CredentialRow)[];

type StoredCredential = Omit<CredentialRow, 'secretsAvailable' | 'keyIsElsewhere'> & {
  readonly secrets: Buffer | null;
  readonly keyIsElsewhere: 0 | 1;
};

const toRow = ({ secrets, keyIsElsewhere, ...row }: StoredCredential): CredentialRow => ({
  ...row,
  keyIsElsewhere: keyIsElsewhere === 1,
  secretsAvailable: secrets !== null,
});

/** Both lists are newest first. `insert` throws `plant/not-found`; changes throw `credential/not-found`. */
export function credentialTable(db: Database, sealer: Sealer): CredentialTable {
  const insert = db.prepare(insertInto('credentials', [...insertedColumns, 'secrets']));
  const rows = sealedRows<StoredCredential>(db, sealer, 'credentials', [...insertedColumns, 'handedOverAt', 'secrets']);
  const byId = rows.select<[string]>('WHERE credentialId = ?');
  const byPlant = rows.select<[PlantId]>('WHERE plantId = ? ORDER BY createdAt DESC, rowid DESC');
  const byPlants = rows.select<[string]>(
    'WHERE plantId IN (SELECT value FROM json_each(?)) ORDER BY createdAt DESC, rowid DESC',
  );
  const byStates = rows.select<[string]>(
    'WHERE state IN (SELECT value FROM json_each(?)) ORDER BY createdAt DESC, rowid DESC',
  );
  const idsByStates = db
    .prepare<[string], string>(
      'SELECT credentialId FROM credentials WHERE state IN (SELECT value FROM json_each(?)) ORDER BY createdAt DESC, rowid DESC',
    )
    .pluck();
  const destroySecrets = db.prepare(
    'UPDATE credentials SET secrets = NULL, handedOverAt = coalesce(handedOverAt, ?) WHERE credentialId = ?',
  );
  const setState = db.prepare('UPDATE credentials SET state = ? WHERE credentialId = ?');

  return {
    insert: (row, secretsJson) =>
      requiringPlant(() => {
        const secrets = rows.sealed(row.credentialId, 'secrets', secretsJson);
        const keyIsElsewhere = row.keyIsElsewhere ? 1 : 0;
        rows.write(row.credentialId, () => insert.run({ brokerId: null, ...row, keyIsElsewhere, secrets }));
      }),
    get: (credentialId) => {
      const stored = byId.get(credentialId);
      return stored && toRow(stored);
    },
    listForPlant: (plantId) => byPlant.all(plantId).map(toRow),
    listForPlants: (plantIds) => byPlants.all(JSON.stringify(plantIds)).map(toRow),
    listInStates: (states) => byStates.all(JSON.stringify(states)).map(toRow),
    idsInStates: (states) => idsByStates.all(JSON.stringify(states)),
    secrets: (credentialId) => rows.secret(credentialId, 'secrets'),
    destroySecrets: (credentialId, at) =>
      mustChange(
        rows.write(credentialId, () => destroySecrets.run(at, credentialId)),
        'credential/not-found',
      ),
    setState: (credentialId, state) =>
      mustChange(
        rows.write(credentialId, () => setState.run(state, credentialId)),
        'credential/not-found',
      ),
  };
}
