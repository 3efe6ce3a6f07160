import type { Database } from 'better-sqlite3';
import type { CrlPart, CrlPartTable } from '../rows/crl-parts.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto } from './sql.ts';

const columns = ['authorityId', 'bodyId', 'position', 'text'] as const satisfies readonly (keyof CrlPart)[];

export function crlPartTable(db: Database, sealer: Sealer): CrlPartTable {
  const rows = sealedRows<CrlPart>(db, sealer, 'crlParts', columns);
  const byPosition = rows.select<[string, number]>('WHERE bodyId = ? AND position = ?');
  const insert = db.prepare(insertInto('crlParts', ['partId', ...columns]));
  const count = db.prepare<[string], number>('SELECT count(*) FROM crlParts WHERE bodyId = ?').pluck();
  const deleteOthers = db.prepare<[string, string, number]>(
    `DELETE FROM crlParts WHERE partId IN (
       SELECT partId FROM crlParts
       WHERE authorityId = ? AND bodyId NOT IN (SELECT value FROM json_each(?)) LIMIT ?)`,
  );
  return {
    insert: (part) => {
      const partId = `${part.bodyId}/${part.position}`;
      rows.write(partId, () => insert.run({ partId, ...part }));
    },
    text: (bodyId, position) => byPosition.get(bodyId, position)?.text,
    count: (bodyId) => count.get(bodyId) ?? 0,
    deleteOthers: (authorityId, bodyIds, limit) =>
      deleteOthers.run(authorityId, JSON.stringify(bodyIds), limit).changes,
  };
}
