// Who still holds something old, by site and name, and what each needs.

import { Button, Progress } from '@mantine/core';
import { useStore } from 'zustand';
import type { AuthMethod } from '../../../../shared/model/plant.ts';
import type { Rollover, RolloverPlant } from '../../../../shared/model/rollover.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href } from '../../../app/route.ts';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { type Column, VirtualTable } from '../../../ui/VirtualTable.tsx';
import { methodWords } from '../../plants/words.tsx';
import classes from './WaitingPlants.module.css';

const credentialWords: Record<AuthMethod, string> = { MTLS: 'certificate', PASSWORD: 'password', TOKEN: 'token' };

function needWords({ needs, authMethod }: RolloverPlant): string {
  const credential = credentialWords[authMethod];
  switch (needs) {
    case 'trust':
      return 'the new CA file';
    case 'credential':
      return `a new ${credential}`;
    case 'delivery':
      return `its new ${credential}, which is issued, brought there and in force`;
  }
}

const columns: readonly Column<RolloverPlant>[] = [
  {
    name: 'Plant',
    width: 'minmax(140px, 1fr)',
    cell: ({ plantId, name }) => <a href={href('plants', plantId, 'security')}>{name}</a>,
  },
  { name: 'Site', width: 'minmax(80px, 0.6fr)', cell: ({ site }) => site ?? '' },
  { name: 'Method', width: '110px', cell: ({ authMethod }) => methodWords[authMethod] },
  { name: 'Needs', width: 'minmax(180px, 1.4fr)', cell: needWords },
  {
    name: 'By hand',
    width: '150px',
    cell: ({ plantId, name, needs }) => (needs === 'trust' ? <Confirm plantId={plantId} name={name} /> : ''),
  },
];

export function WaitingPlants({ rollover: { plants, plantCount } }: { rollover: Rollover }) {
  if (plants.length === 0) return null;
  const done = plantCount - plants.length;
  return (
    <div className={classes.waiting}>
      <div className={classes.progress}>
        <Progress value={(done / Math.max(1, plantCount)) * 100} size="lg" aria-label="Plants that are done" />
        <span>
          {done} of {plantCount} plants done
        </span>
      </div>
      <VirtualTable
        label="Who still holds something old"
        rows={plants}
        columns={columns}
        keyOf={(row) => row.plantId}
        maxHeight={320}
      />
    </div>
  );
}

/** The operator's word that the file is there. */
function Confirm({ plantId, name }: Pick<RolloverPlant, 'plantId' | 'name'>) {
  const { confirmTrust } = useStore(useConsole().rollover);
  const confirming = useAction();
  if (confirming.failure) return <FailureNotice failure={confirming.failure} />;
  return (
    <Button loading={confirming.isBusy} onClick={() => void confirming.run(() => confirmTrust([plantId]))}>
      It has it<span className="visually-hidden"> ({name})</span>
    </Button>
  );
}
