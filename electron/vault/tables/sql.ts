// The statements that every table needs, made from its list of columns. Names come from this folder only, never from input.

import type { RunResult } from 'better-sqlite3';
import type { z } from 'zod';
import { ConsoleError, type ErrorCode } from '../../../shared/model/errors.ts';

export const selectFrom = (table: string, columns: readonly string[]): string =>
  `SELECT ${columns.join(', ')} FROM ${table}`;

export const insertInto = (table: string, columns: readonly string[]): string =>
  `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((column) => `@${column}`).join(', ')})`;

/** Sets every one of `columns` in the row whose primary key is `@key`'s. */
export const updateRow = (table: string, key: string, columns: readonly string[]): string =>
  `UPDATE ${table} SET ${columns.map((column) => `${column} = @${column}`).join(', ')} WHERE ${key} = @${key}`;

/** LIMIT and OFFSET for a page; without a limit every row comes (SQLite reads -1 so). */
export const pageOf = (page: { limit?: number | undefined; offset?: number | undefined }) => ({
  limit: page.limit ?? -1,
  offset: page.offset ?? 0,
});

/** A column that holds JSON. Throws `vault/damaged` when it does not hold what this console writes there. */
export function parseColumn<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ConsoleError('vault/damaged', { because: 'a stored value cannot be read', cause });
  }
}

/** Throws `code` when a statement that must hit its row did not. */
export function mustChange(result: RunResult, code: ErrorCode, because?: string): void {
  if (result.changes === 0) throw new ConsoleError(code, because === undefined ? {} : { because });
}
