// The audit trail: append-only (triggers refuse changes) and hash-chained.
// - hash = SHA-256(previous hash in hex, a line feed, canonical JSON of the row without its hash); hex; 64 zeros before the first.
// - A chain alone can be cut short or computed anew by whoever edits the file, so the head is sealed with the data key
//   in the same transaction as every row. Only an unlocked console can move it. It travels in every backup.
// - A row is chained to the sealed head, not to the row that happens to lie before it: after tampering the trail goes on,
//   and stays broken where it was broken.

import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { canonicalJson } from '../../../shared/model/canonical-json.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { AuditRow, AuditTrail } from '../rows/journal.ts';
import type { Place, Sealer } from '../sealing.ts';
import { insertInto, pageOf, parseColumn, selectFrom } from './sql.ts';

const columns = [
  'sequence',
  'at',
  'actor',
  'action',
  'subject',
  'details',
  'hash',
] as const satisfies readonly (keyof AuditRow)[];

type StoredAuditRow = Omit<AuditRow, 'details'> & { details: string };
type Head = Pick<AuditRow, 'sequence' | 'hash'>;

const genesis: Head = { sequence: 0, hash: '0'.repeat(64) };
/** Stands in for a sealed head that is gone; fits no chain, not even an empty one. */
const lostHead: Head = { sequence: 0, hash: 'f'.repeat(64) };
const headPlace: Place = { table: 'auditHead', row: '1', column: 'head' };
const headSchema = z.object({
  sequence: z.number().int(),
  hash: z.string(),
  /** Absent in a vault that was last written before rows had seals. */
  rowsSealed: z.literal(true).optional(),
});
const detailsSchema = z.record(z.string(), z.unknown());

/** Rows checked before other work gets its turn; about 5 ms. */
const sliceRows = 500;

/** The hash of a row, given the one before it. The details are canonical already; the other keys are in order here. */
function auditHash(previousHash: string, row: Omit<StoredAuditRow, 'hash'>): string {
  const [action, actor, at, subject] = [row.action, row.actor, row.at, row.subject].map((text) => JSON.stringify(text));
  const json = `{"action":${action},"actor":${actor},"at":${at},"details":${row.details},"sequence":${row.sequence},"subject":${subject}}`;
  return createHash('sha256').update(`${previousHash}\n${json}`).digest('hex');
}

const toRow = (stored: StoredAuditRow): AuditRow => ({
  ...stored,
  details: parseColumn(detailsSchema, stored.details),
});

/** Seals the head of a new vault's empty trail. */
export function startAuditTrail(db: Database, sealer: Sealer): void {
  writeHead(db, sealer)(genesis);
}

/** Throws `vault/damaged` when the head is gone, or says already that the rows of this vault are sealed. */
export function markRowsSealed(db: Database, sealer: Sealer): void {
  const head = readHead(db, sealer)();
  if (!head || head.rowsSealed) {
    throw new ConsoleError('vault/damaged', { because: 'it is not of the version that it says it is' });
  }
  writeHead(db, sealer)(head);
}

function writeHead(db: Database, sealer: Sealer): (head: Head) => void {
  const write = db.prepare('INSERT OR REPLACE INTO auditHead (id, head) VALUES (1, ?)');
  return ({ sequence, hash }) => {
    write.run(sealer.seal(headPlace, JSON.stringify({ sequence, hash, rowsSealed: true })));
  };
}

/** Undefined when the head is gone or was tampered with. */
function readHead(db: Database, sealer: Sealer): () => z.infer<typeof headSchema> | undefined {
  const read = db.prepare<[], Buffer>('SELECT head FROM auditHead').pluck();
  return () => {
    const sealed = read.get();
    try {
      return sealed && parseColumn(headSchema, sealer.open(headPlace, sealed));
    } catch {
      return undefined;
    }
  };
}

/** The list is newest first. The head of an empty trail is 64 zeros. */
export function auditTrail(db: Database, sealer: Sealer): AuditTrail {
  const lastSequence = db.prepare<[], number | null>('SELECT max(sequence) FROM auditTrail').pluck();
  const firstSequence = db.prepare<[], number | null>('SELECT min(sequence) FROM auditTrail').pluck();
  const insert = db.prepare(insertInto('auditTrail', columns));
  const sealHead = writeHead(db, sealer);
  const sealedHead = readHead(db, sealer);
  const list = db.prepare<[object], StoredAuditRow>(
    `${selectFrom('auditTrail', columns)} ORDER BY sequence DESC LIMIT @limit OFFSET @offset`,
  );
  const before = db.prepare<[number, number], StoredAuditRow>(
    `${selectFrom('auditTrail', columns)} WHERE sequence < ? ORDER BY sequence DESC LIMIT ?`,
  );
  const count = db.prepare<[], number>('SELECT count(*) FROM auditTrail').pluck();
  const slice = db.prepare<[number, number], StoredAuditRow>(
    `${selectFrom('auditTrail', columns)} WHERE sequence > ? ORDER BY sequence LIMIT ?`,
  );

  const head = (): Head => sealedHead() ?? lostHead;

  const append = db.transaction((entry: Omit<AuditRow, 'sequence' | 'hash'>): AuditRow => {
    const previous = head();
    const sequence = Math.max(previous.sequence, lastSequence.get() ?? 0) + 1;
    const row = { ...entry, sequence, details: canonicalJson(entry.details) };
    const stored = { ...row, hash: auditHash(previous.hash, row) };
    insert.run(stored);
    sealHead(stored);
    return toRow(stored);
  });

  return {
    append,
    list: (page = {}) => ({ items: list.all(pageOf(page)).map(toRow), total: count.get() ?? 0 }),
    before: (sequence, limit) => before.all(sequence, limit).map(toRow),
    head: () => head().hash,
    firstBroken: async () => {
      // Below 1 nothing is chained, though it would be listed.
      if ((firstSequence.get() ?? 1) !== 1) return 1;
      let previous = genesis;
      for (;;) {
        const rows = slice.all(previous.sequence, sliceRows);
        for (const stored of rows) {
          const sequence = previous.sequence + 1;
          if (stored.sequence !== sequence || stored.hash !== auditHash(previous.hash, stored)) return sequence;
          previous = { sequence, hash: stored.hash };
        }
        if (rows.length < sliceRows) break;
        await setImmediate();
      }
      const sealed = head();
      if (sealed.sequence !== previous.sequence) return Math.min(sealed.sequence, previous.sequence) + 1;
      return sealed.hash === previous.hash ? undefined : Math.max(previous.sequence, 1);
    },
  };
}
