import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { TokenKeyState } from '../../../shared/model/token-key.ts';
import type { TokenIssueRow, TokenKeyRow, TokenKeyTable } from '../rows/token-keys.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, mustChange } from './sql.ts';

const columns = ['keyId', 'publicKeyPem', 'state', 'createdAt'] as const satisfies readonly (keyof TokenKeyRow)[];
const issueColumns = ['plantId', 'keyId', 'issuedAt', 'expiresAt'] as const satisfies readonly (keyof TokenIssueRow)[];

/** At most one key is active: a new active one leaves the one before trusted, so that its tokens stay good. */
export function tokenKeyTable(db: Database, sealer: Sealer): TokenKeyTable {
  const keys = sealedRows<TokenKeyRow>(db, sealer, 'tokenKeys', columns);
  const tokens = sealedRows<TokenIssueRow>(db, sealer, 'tokenIssues', issueColumns);
  const active = keys.select<[]>(`WHERE state = 'active'`);
  const newestFirst = keys.select<[]>('ORDER BY createdAt DESC, rowid DESC');
  const issues = tokens.select<[]>('ORDER BY plantId');
  const insert = db.prepare(insertInto('tokenKeys', [...columns, 'privateKey']));
  const setState = db.prepare('UPDATE tokenKeys SET state = ? WHERE keyId = ?');
  const noteIssue = db.prepare(insertInto('tokenIssues', issueColumns).replace('INSERT', 'INSERT OR REPLACE'));

  const write = (keyId: string, state: TokenKeyState) => keys.write(keyId, () => setState.run(state, keyId));
  const stepBack = () => {
    for (const { keyId } of active.all()) write(keyId, 'trusted');
  };
  const insertKey = db.transaction((row: TokenKeyRow, privateKey: Buffer) => {
    if (row.state === 'active') stepBack();
    keys.write(row.keyId, () => insert.run({ ...row, privateKey }));
  });
  const changeState = db.transaction((keyId: string, state: TokenKeyState) => {
    if (state === 'active') stepBack();
    mustChange(write(keyId, state), 'authority/token-key-not-found');
  });

  return {
    active: () => active.get(),
    list: () => newestFirst.all(),
    insert: (row, privateKeyPem) => insertKey(row, keys.sealed(row.keyId, 'privateKey', privateKeyPem)),
    setState: (keyId, state) => changeState(keyId, state),
    privateKeyPem: (keyId) => {
      const pem = keys.secret(keyId, 'privateKey');
      if (pem === undefined) {
        throw new ConsoleError('internal/unexpected', { because: 'there is no token key with this id' });
      }
      return pem;
    },
    noteIssue: (row) => {
      tokens.write(row.plantId, () => noteIssue.run(row));
    },
    issues: () => issues.all(),
  };
}
