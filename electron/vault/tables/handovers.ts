import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { handoverScopeSchema } from '../../../shared/model/handover.ts';
import type { HandoverRow, HandoverTable } from '../rows/handovers.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, parseColumn } from './sql.ts';

type StoredHandover = Omit<HandoverRow, 'by' | 'to' | 'scope' | 'recordingIds'> & {
  givenBy: string;
  givenTo: string;
  scope: string;
  recordingIds: string;
};

const columns = [
  'number',
  'at',
  'givenBy',
  'givenTo',
  'scope',
  'plants',
  'recordingIds',
  'sha256',
  'auditSequence',
  'certificateSerialNumber',
] as const satisfies readonly (keyof StoredHandover)[];

const idsSchema = z.array(z.string());

const toRow = ({ givenBy, givenTo, scope, recordingIds, ...stored }: StoredHandover): HandoverRow => ({
  ...stored,
  by: givenBy,
  to: givenTo,
  scope: parseColumn(handoverScopeSchema, scope),
  recordingIds: parseColumn(idsSchema, recordingIds),
});

export function handoverTable(db: Database, sealer: Sealer): HandoverTable {
  const rows = sealedRows<StoredHandover>(db, sealer, 'handovers', columns);
  const byNumber = rows.select<[number]>('WHERE number = ?');
  const newestFirst = rows.select<[]>('ORDER BY number DESC');
  const insert = db.prepare(insertInto('handovers', [...columns, 'files']));
  const next = db.prepare<[], number>('SELECT coalesce(max(number), 0) + 1 FROM handovers').pluck();
  return {
    insert: ({ by, to, scope, recordingIds, ...row }, files) => {
      const key = String(row.number);
      const stored: StoredHandover = {
        ...row,
        givenBy: by,
        givenTo: to,
        scope: JSON.stringify(scope),
        recordingIds: JSON.stringify(recordingIds),
      };
      rows.write(key, () => insert.run({ ...stored, files: rows.sealed(key, 'files', files) }));
    },
    get: (number) => {
      const stored = byNumber.get(number);
      return stored && toRow(stored);
    },
    list: () => newestFirst.all().map(toRow),
    next: () => next.get() ?? 1,
    files: (number) => {
      const files = rows.secret(String(number), 'files');
      if (files === undefined) throw new ConsoleError('handover/not-found', { details: { number } });
      return files;
    },
  };
}
