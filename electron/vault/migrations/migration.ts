import type { Database } from 'better-sqlite3';

/** `up` takes a vault from version - 1 to `version`; it runs inside a transaction. */
export type Migration = { readonly version: number; up(db: Database): void };
