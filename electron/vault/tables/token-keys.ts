import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { TokenKeyState } from '../../../shared/model/token-key.ts';
import type { TokenIssueRow, TokenKeyRow, TokenKeyTable } from '../rows.ts';
import type { Place, Sealer } from '../sealing.ts';
import { insertInto, mustChange, selectFrom } from './sql.ts';

const columns = ['keyId', 'publicKeyPem', 'state', 'createdAt'] as const satisfies readonly (keyof TokenKeyRow)[];
const issueColumns = ['plantId', 'keyId', 'issuedAt', 'expiresAt'] as const satisfies readonly (keyof TokenIssueRow)[];

const privateKeyPlace = (keyId: string): Place => ({ table: 'tokenKeys', row: keyId, column: 'privateKey' });

/** At most one key is active: a new active one leaves the one before trusted, so that its tokens stay good. */
export function tokenKeyTable(db: Database, sealer: Sealer): TokenKeyTable {
  const active = db.prepare<[], TokenKeyRow>(`${selectFrom('tokenKeys', columns)} WHERE state = 'active'`);
  const list = db.prepare<[], TokenKeyRow>(`${selectFrom('tokenKeys', columns)} ORDER BY createdAt DESC, rowid DESC`);
  const stepBack = db.prepare(`UPDATE tokenKeys SET state = 'trusted' WHERE state = 'active'`);
  const insert = db.prepare(insertInto('tokenKeys', [...columns, 'privateKey']));
  const setState = db.prepare('UPDATE tokenKeys SET state = ? WHERE keyId = ?');
  const privateKey = db.prepare<[string], Buffer>('SELECT privateKey FROM tokenKeys WHERE keyId = ?').pluck();
  const noteIssue = db.prepare(insertInto('tokenIssues', issueColumns).replace('INSERT', 'INSERT OR REPLACE'));
  const issues = db.prepare<[], TokenIssueRow>(`${selectFrom('tokenIssues', issueColumns)} ORDER BY plantId`);

  const insertKey = db.transaction((row: TokenKeyRow, sealedKey: Buffer) => {
    if (row.state === 'active') stepBack.run();
    insert.run({ ...row, privateKey: sealedKey });
  });
  const changeState = db.transaction((keyId: string, state: TokenKeyState) => {
    if (state === 'active') stepBack.run();
    mustChange(setState.run(state, keyId), 'authority/token-key-not-found');
  });

  return {
    active: () => active.get(),
    list: () => list.all(),
    insert: (row, privateKeyPem) => insertKey(row, sealer.seal(privateKeyPlace(row.keyId), privateKeyPem)),
    setState: (keyId, state) => changeState(keyId, state),
    privateKeyPem: (keyId) => {
      const sealed = privateKey.get(keyId);
      if (!sealed) throw new ConsoleError('internal/unexpected', { because: 'there is no token key with this id' });
      return sealer.open(privateKeyPlace(keyId), sealed);
    },
    noteIssue: (row) => {
      noteIssue.run(row);
    },
    issues: () => issues.all(),
  };
}
