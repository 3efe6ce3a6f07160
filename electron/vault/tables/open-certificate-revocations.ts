import type { Database } from 'better-sqlite3';
import type { OpenCertificateRevocationRow, OpenCertificateRevocationTable } from '../rows/certificates.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto } from './sql.ts';

const columns = [
  'serialNumber',
  'authorityId',
  'revokedAt',
  'stateBefore',
] as const satisfies readonly (keyof OpenCertificateRevocationRow)[];

export function openCertificateRevocationTable(db: Database, sealer: Sealer): OpenCertificateRevocationTable {
  const rows = sealedRows<OpenCertificateRevocationRow>(db, sealer, 'openCertificateRevocations', columns);
  const bySerial = rows.select<[string]>('WHERE serialNumber = ?');
  const all = rows.select<[]>('ORDER BY revokedAt, serialNumber');
  const insert = db.prepare(insertInto('openCertificateRevocations', columns));
  const deleteOne = db.prepare('DELETE FROM openCertificateRevocations WHERE serialNumber = ?');
  return {
    get: (serialNumber) => bySerial.get(serialNumber),
    list: () => all.all(),
    insert: (row) => {
      rows.write(row.serialNumber, () => insert.run(row));
    },
    delete: (serialNumber) => {
      rows.write(serialNumber, () => deleteOne.run(serialNumber));
    },
  };
}
