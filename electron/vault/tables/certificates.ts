import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { CertificateState } from '../../../shared/model/certificate.ts';
import { certifiedKeyThumbprint } from '../../platform/key-thumbprint.ts';
import type { CertificateRow, CertificateTable } from '../rows/certificates.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, mustChange, pageOf, parseColumn } from './sql.ts';

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
  'invalidityDate',
  'createdAt',
] as const satisfies readonly (keyof CertificateRow)[];

type StoredCertificate = Omit<CertificateRow, 'subjectAltNames'> & { subjectAltNames: string };

const namesSchema = z.array(z.string());
const filterColumns = ['kind', 'state', 'plantId', 'brokerId', 'authorityId'] as const;
const filterSql = filterColumns.map((column) => `(@${column} IS NULL OR ${column} = @${column})`).join(' AND ');
const absent = 'there is no such certificate in force';

const toRow = (stored: StoredCertificate): CertificateRow => ({
  ...stored,
  subjectAltNames: parseColumn(namesSchema, stored.subjectAltNames),
});

/**
 * The list is newest first. A revoked certificate stays revoked, since the first date and for the first reason:
 * `revoke` changes nothing then, and `setState` throws.
 */
export function certificateTable(db: Database, sealer: Sealer): CertificateTable {
  const insert = db.prepare(insertInto('certificates', [...columns, 'privateKey', 'keyThumbprint']));
  const rows = sealedRows<StoredCertificate>(db, sealer, 'certificates', columns);
  const bySerial = rows.select<[string]>('WHERE serialNumber = ?');
  const byKey = rows.select<[string]>('WHERE keyThumbprint = ? ORDER BY rowid');
  const page = rows.select<[object]>(
    `WHERE ${filterSql} ORDER BY createdAt DESC, serialNumber LIMIT @limit OFFSET @offset`,
  );
  // By rowid, which every index holds: an offset would sort and skip all rows before it again for each page.
  const behind =
    'AND rowid > coalesce((SELECT rowid FROM certificates WHERE serialNumber = ?), 0) ORDER BY rowid LIMIT ?';
  const allBehind = rows.select<[string, string | null, number]>(`WHERE authorityId = ? ${behind}`);
  const inStateBehind = rows.select<[string, CertificateState, string | null, number]>(
    `WHERE authorityId = ? AND state = ? ${behind}`,
  );
  const count = db.prepare<[object], number>(`SELECT count(*) FROM certificates WHERE ${filterSql}`).pluck();
  const lastNotAfter = db
    .prepare<[string], string | null>(
      `SELECT max(notAfter) FROM certificates WHERE authorityId = ? AND kind <> 'document'`,
    )
    .pluck();
  const setState = db.prepare(`UPDATE certificates SET state = ? WHERE serialNumber = ? AND state <> 'revoked'`);
  const revoke = db.prepare(
    `UPDATE certificates SET state = 'revoked', revokedAt = coalesce(revokedAt, ?),
       revocationReason = coalesce(revocationReason, ?),
       invalidityDate = CASE WHEN revokedAt IS NULL THEN ? ELSE invalidityDate END
     WHERE serialNumber = ?`,
  );
  const takeBack = db.prepare(
    `UPDATE certificates SET state = ?, revokedAt = NULL, revocationReason = NULL, invalidityDate = NULL
     WHERE serialNumber = ? AND state = 'revoked'`,
  );

  return {
    insert: (row, privateKeyPem) => {
      const privateKey =
        privateKeyPem === undefined ? null : rows.sealed(row.serialNumber, 'privateKey', privateKeyPem);
      const subjectAltNames = JSON.stringify(row.subjectAltNames);
      const keyThumbprint = certifiedKeyThumbprint(row.certificatePem);
      rows.write(row.serialNumber, () =>
        insert.run({ invalidityDate: null, ...row, subjectAltNames, privateKey, keyThumbprint }),
      );
    },
    get: (serialNumber) => {
      const stored = bySerial.get(serialNumber);
      return stored && toRow(stored);
    },
    listByKey: (thumbprint) => byKey.all(thumbprint).map(toRow),
    privateKeyPem: (serialNumber) => rows.secret(serialNumber, 'privateKey'),
    list: (filter = {}) => {
      const bound = Object.fromEntries(filterColumns.map((column) => [column, filter[column] ?? null]));
      return { items: page.all({ ...bound, ...pageOf(filter) }).map(toRow), total: count.get(bound) ?? 0 };
    },
    listBehind: ({ authorityId, state }, after, limit) =>
      (state
        ? inStateBehind.all(authorityId, state, after ?? null, limit)
        : allBehind.all(authorityId, after ?? null, limit)
      ).map(toRow),
    lastNotAfter: (authorityId) => lastNotAfter.get(authorityId) ?? undefined,
    setState: (serialNumber, state) =>
      mustChange(
        rows.write(serialNumber, () => setState.run(state, serialNumber)),
        'internal/unexpected',
        absent,
      ),
    revoke: (serialNumber, at, reason, invalidityDate = null) =>
      mustChange(
        rows.write(serialNumber, () => revoke.run(at, reason, invalidityDate, serialNumber)),
        'internal/unexpected',
        absent,
      ),
    takeRevocationBack: (serialNumber, state) =>
      mustChange(
        rows.write(serialNumber, () => takeBack.run(state, serialNumber)),
        'internal/unexpected',
        'it is not revoked',
      ),
  };
}
