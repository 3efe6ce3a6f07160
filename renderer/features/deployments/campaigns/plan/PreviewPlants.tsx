import { Button, Group, SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';
import type { CampaignCandidate } from '../../../../../shared/model/campaign.ts';
import { href } from '../../../../app/route.ts';
import { Notice } from '../../../../ui/Notice.tsx';
import { date } from '../../../../ui/time.ts';
import { type Column, VirtualTable } from '../../../../ui/VirtualTable.tsx';
import { plantsIn } from '../words.ts';
import { exclusionWords } from './exclusions.ts';
import classes from './PreviewPlants.module.css';

const plant: Column<CampaignCandidate> = {
  name: 'Plant',
  width: 'minmax(150px, 1fr)',
  cell: ({ plantId, name }) => (
    <a className={classes.name} href={href('plants', plantId, 'device')} title={name}>
      {name}
    </a>
  ),
};
const site: Column<CampaignCandidate> = {
  name: 'Site',
  width: 'minmax(100px, 0.7fr)',
  cell: ({ site: name }) => name ?? '—',
};
const inColumns: readonly Column<CampaignCandidate>[] = [
  plant,
  site,
  {
    name: 'Credential ends',
    width: '150px',
    cell: ({ credentialExpiresAt: at }) => (at === null ? '—' : date(at)),
  },
];
const outColumns: readonly Column<CampaignCandidate>[] = [
  plant,
  site,
  {
    name: 'Why it is left out',
    width: 'minmax(260px, 2fr)',
    cell: ({ excludedBecause }) => (
      <span className={classes.why}>{excludedBecause && exclusionWords[excludedBecause]}</span>
    ),
  },
];

/** Who is in it, the soonest to end first, and who is left out and why. */
export function PreviewPlants({
  candidates,
  onContinue,
}: {
  candidates: readonly CampaignCandidate[];
  onContinue: () => void;
}) {
  const isIn = ({ excludedBecause }: CampaignCandidate) => excludedBecause === null;
  const included = candidates.filter(isIn);
  const excluded = candidates.filter((candidate) => !isIn(candidate));
  const [shown, setShown] = useState<'in' | 'out'>(included.length > 0 ? 'in' : 'out');
  const rows = shown === 'in' ? included : excluded;
  return (
    <Stack>
      {candidates.length === 0 && <Notice tone="attention">No plant fits this choice.</Notice>}
      {candidates.length > 0 && (
        <>
          {included.length === 0 && (
            <Notice tone="attention">None of them can be in a campaign now; the list says why.</Notice>
          )}
          <SegmentedControl
            aria-label="In it or left out"
            value={shown}
            onChange={(value) => setShown(value === 'out' ? 'out' : 'in')}
            data={[
              { value: 'in', label: `In it (${included.length})` },
              { value: 'out', label: `Left out (${excluded.length})` },
            ]}
          />
          {rows.length === 0 ? (
            <div>{shown === 'in' ? 'None.' : 'None is left out.'}</div>
          ) : (
            <div className={classes.table}>
              <VirtualTable
                label={shown === 'in' ? 'Plants in it' : 'Plants left out'}
                rows={rows}
                columns={shown === 'in' ? inColumns : outColumns}
                keyOf={({ plantId }) => plantId}
              />
            </div>
          )}
        </>
      )}
      {included.length > 0 && (
        <Group justify="flex-end">
          <Button variant="filled" onClick={onContinue}>
            Go on with {plantsIn(included.length)}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
