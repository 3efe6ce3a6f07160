// What SQLite and the file system throw, as the catalog's codes. Anything else passes unchanged: it is a defect.

import Database from 'better-sqlite3';
import { ConsoleError } from '../../shared/model/errors.ts';

/** Whether `error` carries `code`, as errors of Node and of SQLite do. */
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && Reflect.get(error, 'code') === code;

const sqliteCode = (error: unknown): string => (error instanceof Database.SqliteError ? error.code : '');

export const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(sqliteCode(error));
export const isForeignKeyViolation = (error: unknown): boolean => sqliteCode(error) === 'SQLITE_CONSTRAINT_FOREIGNKEY';
export const isUniqueViolation = (error: unknown): boolean =>
  /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(sqliteCode(error));

export function toVaultFailure(error: unknown): unknown {
  const code = sqliteCode(error);
  if (code === 'SQLITE_FULL' || hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')) {
    return new ConsoleError('vault/disk-full', { cause: error });
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new ConsoleError('vault/damaged', { cause: error });
  }
  return isBusy(error) ? new ConsoleError('vault/in-use', { cause: error }) : error;
}
