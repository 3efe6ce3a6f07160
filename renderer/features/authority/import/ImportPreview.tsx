import type { AuthorityImportPreview } from '../../../../shared/model/authority-import.ts';
import { Fingerprint } from '../../../ui/Fingerprint.tsx';
import { Fold } from '../../../ui/Fold.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { Fact, Facts } from '../../../ui/Panel.tsx';

import { date } from '../../../ui/time.ts';
import { type Column, VirtualTable } from '../../../ui/VirtualTable.tsx';
import { PlantStatusBadge } from '../../plants/words.tsx';
import classes from './ImportAuthority.module.css';

type FoundPlant = AuthorityImportPreview['plants'][number];

const columns: readonly Column<FoundPlant>[] = [
  { name: 'Plant', width: 'minmax(200px, 2fr)', cell: ({ plantId }) => <span className="mono">{plantId}</span> },
  { name: 'Status', width: '140px', cell: ({ status }) => <PlantStatusBadge status={status} /> },
  { name: 'Certificates', width: '130px', cell: ({ certificates }) => certificates },
  { name: 'Until', width: '140px', cell: ({ expiresAt }) => (expiresAt ? date(expiresAt) : '—') },
  { name: 'Key', width: '90px', cell: ({ hasKey }) => (hasKey ? 'given' : '—') },
];

/** What was found in the files, and what an import would make of it. */
export function ImportPreview({ preview }: { preview: AuthorityImportPreview }) {
  const { findings, leftOut, misnamed, plants } = preview;
  return (
    <>
      <Facts>
        <Fact name="Subject">
          <span className="mono">{preview.subject}</span>
        </Fact>
        <Fact name="Valid">
          {date(preview.notBefore)} to {date(preview.notAfter)}
        </Fact>
        <Fact name="Key">{preview.keyAlgorithm}</Fact>
        <Fact name="SHA-256">
          <Fingerprint value={preview.fingerprint} what="fingerprint of the authority that was found" />
        </Fact>
        <Fact name="Plants">{plants.length}</Fact>
        <Fact name="Other certificates">{preview.otherCertificates}</Fact>
        <Fact name="Known by serial number only">{preview.bySerialNumberOnly}</Fact>
        <Fact name="Revoked">{preview.revoked}</Fact>
        <Fact name="Next serial number">
          {preview.nextSerial ? (
            <>
              <span className="mono">{preview.nextSerial}</span> was; from here on they are random, and none comes twice
            </>
          ) : (
            'random; none comes twice'
          )}
        </Fact>
        <Fact name="Next CRL number">{preview.nextCrlNumber}</Fact>
      </Facts>
      {findings.map(({ rule, problem, source, severity }) => (
        <Notice key={`${rule} ${problem}`} tone={severity === 'error' ? 'attention' : 'info'}>
          {problem} ({source})
        </Notice>
      ))}
      {plants.length > 0 && (
        <VirtualTable
          label="Plants that were found"
          rows={plants}
          columns={columns}
          keyOf={({ plantId }) => plantId}
          maxHeight={320}
        />
      )}
      {misnamed.length > 0 && (
        <Fold
          title={
            misnamed.length === 1 ? '1 certificate becomes no plant' : `${misnamed.length} certificates become no plant`
          }
        >
          <ul className={classes.list}>
            {misnamed.map(({ subject, serialNumber, because }) => (
              <li key={serialNumber}>
                <span className="mono">
                  {subject} ({serialNumber})
                </span>
                : {because}
              </li>
            ))}
          </ul>
        </Fold>
      )}
      {leftOut.length > 0 && (
        <Fold title={leftOut.length === 1 ? '1 file is left out' : `${leftOut.length} files are left out`}>
          <ul className={classes.list}>
            {leftOut.map(({ name, because }) => (
              <li key={`${name} ${because}`}>
                <span className="mono">{name}</span>: {because}
              </li>
            ))}
          </ul>
        </Fold>
      )}
    </>
  );
}
