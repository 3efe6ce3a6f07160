import type { Timestamp } from './timestamp.ts';

/** Certificates that came with an authority and that the console knows by their serial number only, so many to a page. */
export type RegisterPageRow = {
  readonly pageId: string;
  readonly authorityId: string;
  /** From 0. */
  readonly position: number;
  readonly entryCount: number;
  readonly revokedCount: number;
  /** When the last certificate of this page ends. */
  readonly lastNotAfter: Timestamp;
};

export type RegisterPageTable = {
  /** `entries` is the importing operation's own JSON. */
  insert(row: RegisterPageRow, entries: string): void;
  /** The same page with other entries. */
  replace(row: RegisterPageRow, entries: string): void;
  /** In their order: pages are read one by one, all of them at once are megabytes. */
  ids(authorityId: string): string[];
  get(pageId: string): RegisterPageRow | undefined;
  /** Of all pages of an authority. */
  revokedCount(authorityId: string): number;
  /** When the last certificate of all pages ends; undefined without any. */
  lastNotAfter(authorityId: string): Timestamp | undefined;
  /** Throws `vault/damaged` when the page is gone. */
  entries(pageId: string): string;
  /** All pages of an authority whose import came to nothing. */
  forget(authorityId: string): void;
};
