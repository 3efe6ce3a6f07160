import type { Database } from 'better-sqlite3';
import type { PlantId } from '../../../shared/model/plant.ts';
import type { CredentialRow, CredentialTable } from '../rows.ts';
import type { Place, Sealer } from '../sealing.ts';
import { requiringPlant } from './requiring-plant.ts';
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
] as const satisfies readonly (keyof CredentialRow)[];

type StoredCredential = Omit<CredentialRow, 'secretsAvailable'> & { secretsAvailable: 0 | 1 };

const select = `SELECT ${insertedColumns.join(', ')}, handedOverAt, secrets IS NOT NULL AS secretsAvailable FROM credentials`;

const secretsPlace = (credentialId: string): Place => ({ table: 'credentials', row: credentialId, column: 'secrets' });

const toRow = (stored: StoredCredential): CredentialRow => ({
  ...stored,
  secretsAvailable: stored.secretsAvailable === 1,
});

/** Both lists are newest first. `insert` throws `plant/not-found`; changes throw `credential/not-found`. */
export function credentialTable(db: Database, sealer: Sealer): CredentialTable {
  const insert = db.prepare(insertInto('credentials', [...insertedColumns, 'secrets']));
  const get = db.prepare<[string], StoredCredential>(`${select} WHERE credentialId = ?`);
  const listForPlant = db.prepare<[PlantId], StoredCredential>(
    `${select} WHERE plantId = ? ORDER BY createdAt DESC, rowid DESC`,
  );
  const listInStates = db.prepare<[string], StoredCredential>(
    `${select} WHERE state IN (SELECT value FROM json_each(?)) ORDER BY createdAt DESC, rowid DESC`,
  );
  const secrets = db.prepare<[string], Buffer | null>('SELECT secrets FROM credentials WHERE credentialId = ?').pluck();
  const destroySecrets = db.prepare(
    'UPDATE credentials SET secrets = NULL, handedOverAt = coalesce(handedOverAt, ?) WHERE credentialId = ?',
  );
  const setState = db.prepare('UPDATE credentials SET state = ? WHERE credentialId = ?');

  return {
    insert: (row, secretsJson) =>
      requiringPlant(() => {
        insert.run({ ...row, secrets: sealer.seal(secretsPlace(row.credentialId), secretsJson) });
      }),
    get: (credentialId) => {
      const stored = get.get(credentialId);
      return stored && toRow(stored);
    },
    listForPlant: (plantId) => listForPlant.all(plantId).map(toRow),
    listInStates: (states) => listInStates.all(JSON.stringify(states)).map(toRow),
    secrets: (credentialId) => {
      const sealed = secrets.get(credentialId);
      return sealed ? sealer.open(secretsPlace(credentialId), sealed) : undefined;
    },
    destroySecrets: (credentialId, at) => mustChange(destroySecrets.run(at, credentialId), 'credential/not-found'),
    setState: (credentialId, state) => mustChange(setState.run(state, credentialId), 'credential/not-found'),
  };
}
