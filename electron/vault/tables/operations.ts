import type { Database, RunResult } from 'better-sqlite3';
import type { OperationJournal, OperationRow } from '../rows/journal.ts';
import type { Timestamp } from '../rows/timestamp.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { mustChange, pageOf } from './sql.ts';

const columns = [
  'operationId',
  'kind',
  'subject',
  'state',
  'step',
  'startedAt',
  'finishedAt',
  'errorCode',
] as const satisfies readonly (keyof OperationRow)[];

const notRunning = 'this operation is not running';

/** The list is newest first. Only a running operation can move on or finish, only an interrupted one is resolved. */
export function operationJournal(db: Database, sealer: Sealer): OperationJournal {
  const rows = sealedRows<OperationRow>(db, sealer, 'operations', columns);
  const start = db.prepare(
    `INSERT INTO operations (operationId, kind, subject, state, startedAt)
     VALUES (@operationId, @kind, @subject, 'running', @startedAt)`,
  );
  const step = db.prepare(`UPDATE operations SET step = ? WHERE operationId = ? AND state = 'running'`);
  const finish = db.prepare(
    `UPDATE operations SET state = ?, finishedAt = ?, errorCode = ? WHERE operationId = ? AND state = 'running'`,
  );
  const running = rows.select<[]>(`WHERE state = 'running' ORDER BY rowid`);
  const interrupt = db.prepare(
    `UPDATE operations SET state = 'interrupted', finishedAt = @finishedAt, errorCode = @errorCode
     WHERE operationId = @operationId AND state = 'running'`,
  );
  const resolve = db.prepare(
    `UPDATE operations SET state = ?, finishedAt = ? WHERE operationId = ? AND state = 'interrupted'`,
  );
  const interrupted = rows.select<[string]>(`WHERE state = 'interrupted' AND kind = ? ORDER BY startedAt, rowid`);
  const byId = rows.select<[string]>('WHERE operationId = ?');
  const newestFirst = rows.select<[number]>('ORDER BY startedAt DESC, rowid DESC LIMIT ?');

  const change = (operationId: string, statement: () => RunResult, because = notRunning): void =>
    mustChange(rows.write(operationId, statement), 'internal/unexpected', because);
  const markInterrupted = db.transaction((finishedAt: Timestamp): OperationRow[] =>
    running.all().map((row) => {
      const { operationId, errorCode } = row;
      change(operationId, () => interrupt.run({ operationId, finishedAt, errorCode }));
      return { ...row, state: 'interrupted', finishedAt };
    }),
  );

  return {
    start: (row) => {
      rows.write(row.operationId, () => start.run(row));
    },
    step: (operationId, name) => change(operationId, () => step.run(name, operationId)),
    finish: (operationId, state, at, errorCode) =>
      change(operationId, () => finish.run(state, at, errorCode ?? null, operationId)),
    markInterrupted: (at) => markInterrupted(at),
    interrupt: (operationId, finishedAt, errorCode) =>
      change(operationId, () => interrupt.run({ operationId, finishedAt, errorCode })),
    resolve: (operationId, state, at) =>
      change(operationId, () => resolve.run(state, at, operationId), 'this operation was not interrupted'),
    listInterrupted: (kind) => interrupted.all(kind),
    get: (operationId) => byId.get(operationId),
    list: (limit) => newestFirst.all(pageOf({ limit }).limit),
  };
}
