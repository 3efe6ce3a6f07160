import type { Timestamp } from './timestamp.ts';

/** An operation that changes something outside the vault, written before it starts and closed after. */
export type OperationRow = {
  readonly operationId: string;
  readonly kind: string;
  readonly subject: string;
  readonly state: 'running' | 'succeeded' | 'failed' | 'interrupted';
  readonly step: string | null;
  readonly startedAt: Timestamp;
  readonly finishedAt: Timestamp | null;
  readonly errorCode: string | null;
};

export type OperationJournal = {
  start(row: Pick<OperationRow, 'operationId' | 'kind' | 'subject' | 'startedAt'>): void;
  step(operationId: string, step: string): void;
  finish(operationId: string, state: 'succeeded' | 'failed', at: Timestamp, errorCode?: string): void;
  /** At unlock: whatever still runs was cut off by a crash. Marks and returns those rows. */
  markInterrupted(at: Timestamp): OperationRow[];
  /** A running operation ends without its outcome being known: it must be looked after later. */
  interrupt(operationId: string, at: Timestamp, errorCode: string): void;
  /** The outcome of an interrupted operation is known after all. */
  resolve(operationId: string, state: 'succeeded' | 'failed', at: Timestamp): void;
  /** Oldest first. */
  listInterrupted(kind: string): OperationRow[];
  get(operationId: string): OperationRow | undefined;
  list(limit?: number): OperationRow[];
};

export type AuditRow = {
  readonly sequence: number;
  readonly at: Timestamp;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** SHA-256 chain: hash of the previous row's hash and this row's canonical JSON. Hex. */
  readonly hash: string;
};

export type AuditTrail = {
  append(entry: Omit<AuditRow, 'sequence' | 'hash'>): AuditRow;
  list(page?: { limit?: number; offset?: number }): { items: AuditRow[]; total: number };
  /** The newest `limit` rows that came before this sequence, newest first: whoever reads the whole trail goes on from the last. */
  before(sequence: number, limit: number): AuditRow[];
  head(): string;
  /** The sequence of the first row that does not fit the chain, or undefined when it is whole. Read in slices: a trail grows for ever. */
  firstBroken(): Promise<number | undefined>;
};

export type SettingTable = {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
};
