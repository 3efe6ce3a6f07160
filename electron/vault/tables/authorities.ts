import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { AuthorityRow, AuthorityTable, CrlUpdate } from '../rows.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, mustChange } from './sql.ts';

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

/**
 * A vault has one authority: a second insert throws `authority/exists`. A CRL is only ever replaced by one with a
 * higher number (RFC 5280, 5.2.3): of two made at the same time, the later one would lose the other's revocations.
 */
export function authorityTable(db: Database, sealer: Sealer): AuthorityTable {
  const rows = sealedRows<AuthorityRow>(db, sealer, 'authorities', columns);
  const only = rows.select<[]>('LIMIT 1');
  const insert = db.prepare(insertInto('authorities', [...columns, 'privateKey']));
  const updateCrl = db.prepare<[CrlUpdate & { authorityId: string }]>(
    `UPDATE authorities SET crlPem = @crlPem, crlNumber = @crlNumber, crlThisUpdate = @crlThisUpdate,
       crlNextUpdate = @crlNextUpdate
     WHERE authorityId = @authorityId AND crlNumber < @crlNumber`,
  );

  return {
    current: () => only.get(),
    insert: (row, privateKeyPem) => {
      if (only.get()) throw new ConsoleError('authority/exists');
      const privateKey = rows.sealed(row.authorityId, 'privateKey', privateKeyPem);
      rows.write(row.authorityId, () => insert.run({ ...row, privateKey }));
    },
    privateKeyPem: (authorityId) => {
      const pem = rows.secret(authorityId, 'privateKey');
      if (pem === undefined) throw new ConsoleError('authority/absent');
      return pem;
    },
    updateCrl: (authorityId, crl) =>
      mustChange(
        rows.write(authorityId, () => updateCrl.run({ ...crl, authorityId })),
        'internal/unexpected',
        'the CRL number must grow',
      ),
  };
}
