import type { Database } from 'better-sqlite3';
import type { OperationJournal, OperationRow } from '../rows.ts';
import { mustChange, pageOf, selectFrom } from './sql.ts';

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

/** The list is newest first. Only a running operation can move on or finish. */
export function operationJournal(db: Database): OperationJournal {
  const start = db.prepare(
    `INSERT INTO operations (operationId, kind, subject, state, startedAt)
     VALUES (@operationId, @kind, @subject, 'running', @startedAt)`,
  );
  const step = db.prepare(`UPDATE operations SET step = ? WHERE operationId = ? AND state = 'running'`);
  const finish = db.prepare(
    `UPDATE operations SET state = ?, finishedAt = ?, errorCode = ? WHERE operationId = ? AND state = 'running'`,
  );
  const markInterrupted = db.prepare<[string], OperationRow>(
    `UPDATE operations SET state = 'interrupted', finishedAt = ? WHERE state = 'running' RETURNING ${columns.join(', ')}`,
  );
  const list = db.prepare<[number], OperationRow>(
    `${selectFrom('operations', columns)} ORDER BY startedAt DESC, rowid DESC LIMIT ?`,
  );

  return {
    start: (row) => {
      start.run(row);
    },
    step: (operationId, name) => mustChange(step.run(name, operationId), 'internal/unexpected', notRunning),
    finish: (operationId, state, at, errorCode) =>
      mustChange(finish.run(state, at, errorCode ?? null, operationId), 'internal/unexpected', notRunning),
    markInterrupted: (at) => markInterrupted.all(at),
    list: (limit) => list.all(pageOf({ limit }).limit),
  };
}
