import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { AuthorityRow, AuthorityTable, CrlUpdate } from '../rows.ts';
import type { Place, Sealer } from '../sealing.ts';
import { insertInto, mustChange, selectFrom } from './sql.ts';

const columns = [
  'authorityId',
  'subject',
  'keyAlgorithm',
  'certificatePem',
  'serialNumber',
  'fingerprint',
  'notBefore',
  'notAfter',
  'crlPem',
  'crlNumber',
  'crlThisUpdate',
  'crlNextUpdate',
  'createdAt',
] as const satisfies readonly (keyof AuthorityRow)[];

const privateKeyPlace = (authorityId: string): Place => ({
  table: 'authorities',
  row: authorityId,
  column: 'privateKey',
});

/**
 * A vault has one authority: a second insert throws `authority/exists`. A CRL is only ever replaced by one with a
 * higher number (RFC 5280, 5.2.3): of two made at the same time, the later one would lose the other's revocations.
 */
export function authorityTable(db: Database, sealer: Sealer): AuthorityTable {
  const current = db.prepare<[], AuthorityRow>(`${selectFrom('authorities', columns)} LIMIT 1`);
  const insert = db.prepare(insertInto('authorities', [...columns, 'privateKey']));
  const privateKey = db.prepare<[string], Buffer>('SELECT privateKey FROM authorities WHERE authorityId = ?').pluck();
  const updateCrl = db.prepare<[CrlUpdate & { authorityId: string }]>(
    `UPDATE authorities SET crlPem = @crlPem, crlNumber = @crlNumber, crlThisUpdate = @crlThisUpdate,
       crlNextUpdate = @crlNextUpdate
     WHERE authorityId = @authorityId AND crlNumber < @crlNumber`,
  );

  return {
    current: () => current.get(),
    insert: (row, privateKeyPem) => {
      if (current.get()) throw new ConsoleError('authority/exists');
      insert.run({ ...row, privateKey: sealer.seal(privateKeyPlace(row.authorityId), privateKeyPem) });
    },
    privateKeyPem: (authorityId) => {
      const sealed = privateKey.get(authorityId);
      if (!sealed) throw new ConsoleError('authority/absent');
      return sealer.open(privateKeyPlace(authorityId), sealed);
    },
    updateCrl: (authorityId, crl) =>
      mustChange(updateCrl.run({ ...crl, authorityId }), 'internal/unexpected', 'the CRL number must grow'),
  };
}
