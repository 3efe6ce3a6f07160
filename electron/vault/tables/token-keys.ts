import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { TokenKeyRow, TokenKeyTable } from '../rows.ts';
import type { Place, Sealer } from '../sealing.ts';
import { insertInto, selectFrom } from './sql.ts';

const columns = ['keyId', 'publicKeyPem', 'state', 'createdAt'] as const satisfies readonly (keyof TokenKeyRow)[];

const privateKeyPlace = (keyId: string): Place => ({ table: 'tokenKeys', row: keyId, column: 'privateKey' });

/** At most one key is active: inserting an active one retires the one before. The list is newest first. */
export function tokenKeyTable(db: Database, sealer: Sealer): TokenKeyTable {
  const active = db.prepare<[], TokenKeyRow>(`${selectFrom('tokenKeys', columns)} WHERE state = 'active'`);
  const list = db.prepare<[], TokenKeyRow>(`${selectFrom('tokenKeys', columns)} ORDER BY createdAt DESC, rowid DESC`);
  const retire = db.prepare(`UPDATE tokenKeys SET state = 'retired' WHERE state = 'active'`);
  const insert = db.prepare(insertInto('tokenKeys', [...columns, 'privateKey']));
  const privateKey = db.prepare<[string], Buffer>('SELECT privateKey FROM tokenKeys WHERE keyId = ?').pluck();

  const replace = db.transaction((row: TokenKeyRow, sealedKey: Buffer) => {
    if (row.state === 'active') retire.run();
    insert.run({ ...row, privateKey: sealedKey });
  });

  return {
    active: () => active.get(),
    list: () => list.all(),
    insert: (row, privateKeyPem) => replace(row, sealer.seal(privateKeyPlace(row.keyId), privateKeyPem)),
    privateKeyPem: (keyId) => {
      const sealed = privateKey.get(keyId);
      if (!sealed) throw new ConsoleError('internal/unexpected', { because: 'there is no token key with this id' });
      return sealer.open(privateKeyPlace(keyId), sealed);
    },
  };
}
