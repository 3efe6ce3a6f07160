// What every list of certificates shows of each, whether the certificate is here or its serial number only.

import type { ReactNode } from 'react';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { SignBadge, type StatusSign } from '../../ui/StatusBadge.tsx';
import { date } from '../../ui/time.ts';
import type { Column } from '../../ui/VirtualTable.tsx';
import classes from './certificate-columns.module.css';

/** `cell` shows the subject, as a link where there is more to see. */
export const subjectColumn = <Row extends { readonly subject: string }>(
  cell: (row: Row) => ReactNode,
): Column<Row> => ({
  name: 'Subject',
  width: 'minmax(200px, 1.6fr)',
  cell: (row) => (
    <span className={classes.subject} title={row.subject}>
      {cell(row)}
    </span>
  ),
});

export const stateColumn = <State extends string>(
  signs: Readonly<Record<State, StatusSign>>,
): Column<{ readonly state: State; readonly revokedAt: string | null }> => ({
  name: 'State',
  width: '150px',
  cell: ({ state, revokedAt }) => (
    <span title={revokedAt ? `on ${date(revokedAt)}` : undefined}>
      <SignBadge sign={signs[state]} />
    </span>
  ),
});

export const serialNumberColumn: Column<{ readonly serialNumber: string }> = {
  name: 'Serial number',
  width: 'minmax(200px, 1.2fr)',
  cell: ({ serialNumber }) => (
    <span className={classes.serial}>
      <span className={classes.digits} title={serialNumber}>
        {serialNumber}
      </span>
      <CopyButton text={serialNumber} what="serial number" />
    </span>
  ),
};
