import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { CertificateRow, CertificateTable } from '../rows.ts';
import type { Place, Sealer } from '../sealing.ts';
import { insertInto, mustChange, pageOf, parseColumn, selectFrom } from './sql.ts';

const columns = [
  'serialNumber',
  'authorityId',
  'kind',
  'subject',
  'subjectAltNames',
  'plantId',
  'brokerId',
  'keyAlgorithm',
  'certificatePem',
  'fingerprint',
  'notBefore',
  'notAfter',
  'state',
  'revokedAt',
  'revocationReason',
  'createdAt',
] as const satisfies readonly (keyof CertificateRow)[];

type StoredCertificate = Omit<CertificateRow, 'subjectAltNames'> & { subjectAltNames: string };

const namesSchema = z.array(z.string());
const filterColumns = ['kind', 'state', 'plantId', 'brokerId', 'authorityId'] as const;
const filterSql = filterColumns.map((column) => `(@${column} IS NULL OR ${column} = @${column})`).join(' AND ');
const absent = 'there is no such certificate in force';

const privateKeyPlace = (serialNumber: string): Place => ({
  table: 'certificates',
  row: serialNumber,
  column: 'privateKey',
});

const toRow = (stored: StoredCertificate): CertificateRow => ({
  ...stored,
  subjectAltNames: parseColumn(namesSchema, stored.subjectAltNames),
});

/**
 * The list is newest first. A revoked certificate stays revoked, since the first date and for the first reason:
 * `revoke` changes nothing then, and `setState` throws.
 */
export function certificateTable(db: Database, sealer: Sealer): CertificateTable {
  const insert = db.prepare(insertInto('certificates', [...columns, 'privateKey']));
  const get = db.prepare<[string], StoredCertificate>(`${selectFrom('certificates', columns)} WHERE serialNumber = ?`);
  const privateKey = db
    .prepare<[string], Buffer | null>('SELECT privateKey FROM certificates WHERE serialNumber = ?')
    .pluck();
  const list = db.prepare<[object], StoredCertificate>(
    `${selectFrom('certificates', columns)} WHERE ${filterSql}
     ORDER BY createdAt DESC, serialNumber LIMIT @limit OFFSET @offset`,
  );
  const count = db.prepare<[object], number>(`SELECT count(*) FROM certificates WHERE ${filterSql}`).pluck();
  const setState = db.prepare(`UPDATE certificates SET state = ? WHERE serialNumber = ? AND state <> 'revoked'`);
  const revoke = db.prepare(
    `UPDATE certificates SET state = 'revoked', revokedAt = coalesce(revokedAt, ?),
       revocationReason = coalesce(revocationReason, ?)
     WHERE serialNumber = ?`,
  );

  return {
    insert: (row, privateKeyPem) => {
      insert.run({
        ...row,
        subjectAltNames: JSON.stringify(row.subjectAltNames),
        privateKey: privateKeyPem === undefined ? null : sealer.seal(privateKeyPlace(row.serialNumber), privateKeyPem),
      });
    },
    get: (serialNumber) => {
      const stored = get.get(serialNumber);
      return stored && toRow(stored);
    },
    privateKeyPem: (serialNumber) => {
      const sealed = privateKey.get(serialNumber);
      return sealed ? sealer.open(privateKeyPlace(serialNumber), sealed) : undefined;
    },
    list: (filter = {}) => {
      const bound = Object.fromEntries(filterColumns.map((column) => [column, filter[column] ?? null]));
      return { items: list.all({ ...bound, ...pageOf(filter) }).map(toRow), total: count.get(bound) ?? 0 };
    },
    setState: (serialNumber, state) => mustChange(setState.run(state, serialNumber), 'internal/unexpected', absent),
    revoke: (serialNumber, at, reason) =>
      mustChange(revoke.run(at, reason, serialNumber), 'internal/unexpected', absent),
  };
}
