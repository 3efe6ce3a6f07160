import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { RecordingRow, RecordingTable } from '../rows/recordings.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, mustChange, updateRow } from './sql.ts';

const changeable = ['note', 'endedAt', 'ending', 'messages', 'dropped', 'badLines', 'bytes', 'sha256'] as const;
const columns = [
  'recordingId',
  'origin',
  'brokerId',
  'brokerName',
  'startedAt',
  ...changeable,
] as const satisfies readonly (keyof RecordingRow)[];

export function recordingTable(db: Database, sealer: Sealer): RecordingTable {
  const rows = sealedRows<RecordingRow>(db, sealer, 'recordings', columns);
  const byId = rows.select<[string]>('WHERE recordingId = ?');
  const newestFirst = rows.select<[]>('ORDER BY startedAt DESC, rowid DESC');
  const insert = db.prepare(insertInto('recordings', columns));
  const update = db.prepare(updateRow('recordings', 'recordingId', changeable));
  const remove = db.prepare('DELETE FROM recordings WHERE recordingId = ?');
  return {
    insert: (row) => {
      rows.write(row.recordingId, () => insert.run(row));
    },
    get: (recordingId) => byId.get(recordingId),
    list: () => newestFirst.all(),
    update: (recordingId, change) => {
      const row = byId.get(recordingId);
      if (!row) throw new ConsoleError('recording/not-found');
      rows.write(recordingId, () => update.run({ ...row, ...change }));
    },
    delete: (recordingId) => mustChange(remove.run(recordingId), 'recording/not-found'),
  };
}
