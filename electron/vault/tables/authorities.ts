import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { AuthorityRow, AuthorityTable, CrlUpdate } from '../rows/authorities.ts';
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
  'crlNumber',
  'crlThisUpdate',
  'crlNextUpdate',
  'crlBodyId',
  'crlPartCount',
  'createdAt',
  'state',
  'isCompromised',
  'crossCertificatePem',
  'crossIssuerId',
  'retiredAt',
] as const satisfies readonly (keyof AuthorityRow)[];

/** The number of the CRL in decimal digits. */
type StoredAuthority = Omit<AuthorityRow, 'isCompromised' | 'crlNumber'> & { isCompromised: number; crlNumber: string };

const unlessSaid = { state: 'current', crossCertificatePem: null, crossIssuerId: null, retiredAt: null } as const;

const toRow = (stored: StoredAuthority): AuthorityRow => ({
  ...stored,
  isCompromised: stored.isCompromised === 1,
  crlNumber: BigInt(stored.crlNumber),
});

/**
 * One authority issues, and at most one is the next. A CRL is only ever replaced by one with a higher number
 * (RFC 5280, 5.2.3): of two made at the same time, the later one would lose the other's revocations.
 */
export function authorityTable(db: Database, sealer: Sealer): AuthorityTable {
  const rows = sealedRows<StoredAuthority>(db, sealer, 'authorities', columns);
  const byId = rows.select<[string]>('WHERE authorityId = ?');
  const inState = rows.select<[string]>('WHERE state = ?');
  const oldestFirst = rows.select<[]>('ORDER BY createdAt, rowid');
  const insert = db.prepare(insertInto('authorities', [...columns, 'privateKey']));
  const setState = db.prepare('UPDATE authorities SET state = ?, retiredAt = ? WHERE authorityId = ?');
  const setCompromised = db.prepare('UPDATE authorities SET isCompromised = 1 WHERE authorityId = ?');
  const setCross = db.prepare(
    'UPDATE authorities SET crossCertificatePem = ?, crossIssuerId = ? WHERE authorityId = ?',
  );
  const updateCrl = db.prepare<[Omit<CrlUpdate, 'crlNumber'> & { authorityId: string; crlNumber: string }]>(
    `UPDATE authorities SET crlNumber = @crlNumber, crlThisUpdate = @crlThisUpdate, crlNextUpdate = @crlNextUpdate,
       crlBodyId = @crlBodyId, crlPartCount = @crlPartCount
     WHERE authorityId = @authorityId AND (length(crlNumber), crlNumber) < (length(@crlNumber), @crlNumber)`,
  );

  const forgetCertificates = db.prepare(
    `DELETE FROM certificates WHERE authorityId IN (SELECT authorityId FROM authorities WHERE authorityId = ? AND state = 'next')`,
  );
  const forgetAuthority = db.prepare(`DELETE FROM authorities WHERE authorityId = ? AND state = 'next'`);
  const forget = db.transaction((authorityId: string) => {
    forgetCertificates.run(authorityId);
    forgetAuthority.run(authorityId);
  });

  const changeState = db.transaction((authorityId: string, state: AuthorityRow['state'], at: string) => {
    if (state === 'current') {
      for (const { authorityId: old } of inState.all('current'))
        rows.write(old, () => setState.run('retiring', null, old));
    }
    const retiredAt = state === 'retired' ? at : null;
    mustChange(
      rows.write(authorityId, () => setState.run(state, retiredAt, authorityId)),
      'authority/not-found',
    );
  });

  const openKey = (authorityId: string): string | undefined => {
    try {
      return rows.secret(authorityId, 'privateKey');
    } catch (error) {
      if (error instanceof ConsoleError && error.code === 'vault/damaged') return undefined;
      throw error;
    }
  };

  return {
    current: () => inState.all('current').map(toRow)[0],
    get: (authorityId) => byId.all(authorityId).map(toRow)[0],
    list: () => oldestFirst.all().map(toRow),
    insert: (row, privateKeyPem) => {
      const stored = {
        ...unlessSaid,
        ...row,
        isCompromised: row.isCompromised ? 1 : 0,
        crlNumber: String(row.crlNumber),
      };
      const isOneOnly = stored.state === 'current' || stored.state === 'next';
      if (isOneOnly && inState.all(stored.state).length > 0) throw new ConsoleError('authority/exists');
      const privateKey = rows.sealed(row.authorityId, 'privateKey', privateKeyPem);
      rows.write(row.authorityId, () => insert.run({ ...stored, privateKey }));
    },
    setState: (authorityId, state, at) => changeState(authorityId, state, at),
    setCompromised: (authorityId) => {
      rows.write(authorityId, () => setCompromised.run(authorityId));
    },
    setCrossCertificate: (authorityId, certificatePem, issuerId) => {
      rows.write(authorityId, () => setCross.run(certificatePem, issuerId, authorityId));
    },
    privateKeyPem: (authorityId) => {
      // A row that somebody changed is refused before that.
      const [row] = byId.all(authorityId);
      const pem = row && openKey(authorityId);
      if (!pem) throw new ConsoleError('authority/key-missing', row && { because: row.subject });
      return pem;
    },
    forget: (authorityId) => forget(authorityId),
    updateCrl: (authorityId, crl) =>
      mustChange(
        rows.write(authorityId, () => updateCrl.run({ ...crl, crlNumber: String(crl.crlNumber), authorityId })),
        'internal/unexpected',
        'the CRL number must grow',
      ),
  };
}
