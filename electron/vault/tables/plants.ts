import type { Database, RunResult, Statement } from 'better-sqlite3';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import { isUniqueViolation } from '../failures.ts';
import type { PlantRow, PlantTable } from '../rows/plants.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, pageOf, updateRow } from './sql.ts';

const changeable = [
  'name',
  'site',
  'authMethod',
  'username',
  'status',
  'updatedAt',
  'lastSeenAt',
  'revokedAt',
] as const;
const columns = ['plantId', ...changeable, 'createdAt'] as const satisfies readonly (keyof PlantRow)[];

// `fold` compares as people do, also outside ASCII; `instr` knows no wildcards, so nothing needs to be escaped.
const filterSql = `(@status IS NULL OR status = @status) AND (@authMethod IS NULL OR authMethod = @authMethod)
  AND (@query IS NULL OR instr(fold(concat_ws(char(10), name, site, plantId, username)), fold(@query)) > 0)`;

const fold = (text: unknown): string => String(text).normalize('NFKC').toLowerCase();

/** The list is sorted by name, then id. Deleting a plant takes its credentials, device and signing secret along. */
export function plantTable(db: Database, sealer: Sealer): PlantTable {
  db.function('fold', { deterministic: true, directOnly: true }, fold);
  const insert = db.prepare(insertInto('plants', columns));
  const rows = sealedRows<PlantRow>(db, sealer, 'plants', columns);
  const byId = rows.select<[string]>('WHERE plantId = ?');
  const page = rows.select<[object]>(
    `WHERE ${filterSql} ORDER BY name COLLATE NOCASE, plantId LIMIT @limit OFFSET @offset`,
  );
  const count = db.prepare<[object], number>(`SELECT count(*) FROM plants WHERE ${filterSql}`).pluck();
  // What a row says is believed by its seal only; here it says no more than that it is there.
  const ids = db
    .prepare<[string, number], PlantId>('SELECT plantId FROM plants WHERE plantId > ? ORDER BY plantId LIMIT ?')
    .pluck();
  /** By the columns that change: plants are seen all the time, and the whole row would be compared with every index. */
  const updates = new Map<string, Statement<[object]>>();
  const updateOf = (change: object): Statement<[object]> => {
    const changing = changeable.filter((column) => column in change);
    const known = updates.get(changing.join());
    const statement = known ?? db.prepare<[object]>(updateRow('plants', 'plantId', changing));
    updates.set(changing.join(), statement);
    return statement;
  };
  const remove = db.prepare('DELETE FROM plants WHERE plantId = ?');

  return {
    insert: (row) => {
      if (byId.get(row.plantId)) throw new ConsoleError('plant/exists');
      keepingUsernamesApart(row.username, () => rows.write(row.plantId, () => insert.run(row)));
    },
    get: (plantId) => byId.get(plantId),
    list: (filter = {}) => {
      const bound = {
        status: filter.status ?? null,
        authMethod: filter.authMethod ?? null,
        query: filter.query || null,
      };
      return { items: page.all({ ...bound, ...pageOf(filter) }), total: count.get(bound) ?? 0 };
    },
    ids: (last, limit) => ids.all(last, limit),
    update: (plantId, change) => {
      const write = () => rows.write(plantId, () => updateOf(change).run({ ...change, plantId }));
      const { changes } = change.username === undefined ? write() : keepingUsernamesApart(change.username, write);
      if (changes === 0) throw new ConsoleError('plant/not-found');
    },
    delete: (plantId) => {
      remove.run(plantId);
    },
  };
}

/** A username is the plant's UUID except for PASSWORD plants, so only theirs can be taken already. */
function keepingUsernamesApart(username: string, write: () => RunResult): RunResult {
  try {
    return write();
  } catch (error) {
    throw isUniqueViolation(error) ? new ConsoleError('plant/username-taken', { details: { username } }) : error;
  }
}
