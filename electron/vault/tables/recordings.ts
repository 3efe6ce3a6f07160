import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { recordingIdentitySchema } from '../../../shared/model/recording.ts';
import type { RecordingRow, RecordingTable } from '../rows/recordings.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, mustChange, parseColumn, updateRow } from './sql.ts';

const losses = ['dropped', 'oversized', 'droppedByBroker', 'gaps', 'gapMs'] as const;
const changeable = ['note', 'endedAt', 'ending', 'messages', ...losses, 'badLines', 'bytes', 'sha256'] as const;
const columns = [
  'recordingId',
  'origin',
  'brokerId',
  'brokerName',
  'filters',
  'identity',
  'startedAt',
  ...changeable,
] as const satisfies readonly (keyof RecordingRow)[];

/** `filters` and `identity` are JSON. */
type Stored = Omit<RecordingRow, 'filters' | 'identity'> & {
  readonly filters: string | null;
  readonly identity: string | null;
};

const filtersSchema = z.array(z.string());

const toRow = ({ filters, identity, ...same }: Stored): RecordingRow => ({
  ...same,
  filters: filters === null ? null : parseColumn(filtersSchema, filters),
  identity: identity === null ? null : parseColumn(recordingIdentitySchema, identity),
});

export function recordingTable(db: Database, sealer: Sealer): RecordingTable {
  const rows = sealedRows<Stored>(db, sealer, 'recordings', columns);
  const byId = rows.select<[string]>('WHERE recordingId = ?');
  const newestFirst = rows.select<[]>('ORDER BY startedAt DESC, rowid DESC');
  const insert = db.prepare(insertInto('recordings', columns));
  const update = db.prepare(updateRow('recordings', 'recordingId', changeable));
  const remove = db.prepare('DELETE FROM recordings WHERE recordingId = ?');
  return {
    insert: ({ filters, identity, ...same }) => {
      const stored = { filters: filters && JSON.stringify(filters), identity: identity && JSON.stringify(identity) };
      rows.write(same.recordingId, () => insert.run({ ...same, ...stored }));
    },
    get: (recordingId) => {
      const stored = byId.get(recordingId);
      return stored && toRow(stored);
    },
    list: () => newestFirst.all().map(toRow),
    update: (recordingId, change) => {
      const row = byId.get(recordingId);
      if (!row) throw new ConsoleError('recording/not-found');
      rows.write(recordingId, () => update.run({ ...row, ...change }));
    },
    delete: (recordingId) => mustChange(remove.run(recordingId), 'recording/not-found'),
  };
}
