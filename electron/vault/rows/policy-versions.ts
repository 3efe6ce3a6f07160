import type { Timestamp } from './timestamp.ts';

/** A rule set as it was saved. It is never changed, so that a version always means the same rules. */
export type PolicyVersionRow = {
  readonly version: number;
  readonly note: string;
  readonly author: string;
  readonly savedAt: Timestamp;
  /** The document, byte by byte. */
  readonly text: string;
};

export type PolicyVersionTable = {
  /** Gives it the next number, and answers with that. */
  insert(row: Omit<PolicyVersionRow, 'version'>): number;
  /** Newest first, without the documents. */
  list(): Omit<PolicyVersionRow, 'text'>[];
  get(version: number): PolicyVersionRow | undefined;
};
