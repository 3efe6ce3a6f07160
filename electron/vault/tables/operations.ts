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

/** The list is newest first. Only a running operation can move on or finish, only an interrupted one is resolved. */
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
  const interrupt = db.prepare(
    `UPDATE operations SET state = 'interrupted', finishedAt = ?, errorCode = ? WHERE operationId = ? AND state = 'running'`,
  );
  const resolve = db.prepare(
    `UPDATE operations SET state = ?, finishedAt = ? WHERE operationId = ? AND state = 'interrupted'`,
  );
  const listInterrupted = db.prepare<[string], OperationRow>(
    `${selectFrom('operations', columns)} WHERE state = 'interrupted' AND kind = ? ORDER BY startedAt, rowid`,
  );
  const get = db.prepare<[string], OperationRow>(`${selectFrom('operations', columns)} WHERE operationId = ?`);
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
    interrupt: (operationId, at, errorCode) =>
      mustChange(interrupt.run(at, errorCode, operationId), 'internal/unexpected', notRunning),
    resolve: (operationId, state, at) =>
      mustChange(resolve.run(state, at, operationId), 'internal/unexpected', 'this operation was not interrupted'),
    listInterrupted: (kind) => listInterrupted.all(kind),
    get: (operationId) => get.get(operationId),
    list: (limit) => list.all(pageOf({ limit }).limit),
  };
}
