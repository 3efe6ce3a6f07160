import { useState } from 'react';
import type { Plant } from '../../../shared/model/plant.ts';
import { href } from '../../app/route.ts';
import { ago, useNow } from '../../ui/time.ts';
import { type Column, type Sorting, sortRows, VirtualTable } from '../../ui/VirtualTable.tsx';
import { DeploymentSign, deploymentWord } from './device/DeploymentSign.tsx';
import classes from './PlantsScreen.module.css';
import { ExpiryText, methodWords, PlantStatusBadge, statusWords } from './words.tsx';

const columnsAt = (now: number): readonly Column<Plant>[] => [
  {
    name: 'Name',
    width: 'minmax(160px, 2fr)',
    sortBy: ({ name }) => name,
    cell: ({ plantId, name }) => (
      <>
        <a className={classes.name} href={href('plants', plantId)} title={name}>
          {name}
        </a>
        <span className={classes.id} title={plantId}>
          {plantId.slice(0, 8)}
        </span>
      </>
    ),
  },
  {
    name: 'Site',
    width: 'minmax(90px, 1.2fr)',
    sortBy: ({ site }) => site ?? '',
    cell: ({ site }) => site ?? '—',
  },
  {
    name: 'Method',
    width: '110px',
    sortBy: ({ authMethod }) => methodWords[authMethod],
    cell: ({ authMethod }) => methodWords[authMethod],
  },
  {
    name: 'Status',
    width: '138px',
    sortBy: ({ status }) => statusWords[status],
    cell: ({ status }) => <PlantStatusBadge status={status} />,
  },
  {
    name: 'Device',
    width: '156px',
    sortBy: ({ deployment }) => deploymentWord(deployment),
    cell: ({ deployment }) => <DeploymentSign state={deployment} />,
  },
  {
    name: 'Credential ends',
    width: 'minmax(144px, 0.8fr)',
    sortBy: ({ credentialExpiresAt }) => credentialExpiresAt ?? '9999',
    cell: ({ credentialExpiresAt, authMethod }) => (
      <ExpiryText at={credentialExpiresAt} method={authMethod} now={now} />
    ),
  },
  {
    name: 'Last seen',
    width: 'minmax(106px, 0.6fr)',
    sortBy: ({ lastSeenAt }) => lastSeenAt ?? '',
    cell: ({ lastSeenAt }) => (lastSeenAt ? ago(lastSeenAt, now) : 'never'),
  },
];

export function PlantTable({ plants }: { plants: readonly Plant[] }) {
  const now = useNow(10_000);
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const columns = columnsAt(now);
  return (
    <VirtualTable
      label="Plants"
      rows={sortRows(plants, columns, sorting)}
      columns={columns}
      keyOf={({ plantId }) => plantId}
      sorting={sorting}
      onSort={setSorting}
    />
  );
}
