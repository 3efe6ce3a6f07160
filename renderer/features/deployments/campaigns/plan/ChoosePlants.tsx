import { Button, Group, SegmentedControl, Select, Stack } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { maxCampaignPlants } from '../../../../../shared/model/campaign.ts';
import type { Plant } from '../../../../../shared/model/plant.ts';
import { useConsole } from '../../../../app/console-context.tsx';
import { FailureNotice } from '../../../../ui/Notice.tsx';
import { NumberField } from '../../../../ui/NumberField.tsx';
import { SnapshotView } from '../../../../ui/SnapshotView.tsx';
import { useNow } from '../../../../ui/time.ts';
import type { Action } from '../../../../ui/use-action.ts';
import { ExpiryText } from '../../../plants/words.tsx';
import { PlantPicker } from '../../PlantPicker.tsx';
import { type Choice, selectionOf } from './choice.ts';

const ways = [
  { value: 'expiring', label: 'Ending soon' },
  { value: 'site', label: 'One site' },
  { value: 'plants', label: 'Chosen by hand' },
] as const;

const sitesOf = (plants: readonly Plant[]): string[] =>
  [...new Set(plants.flatMap(({ site }) => (site === null ? [] : [site])))].toSorted((a, b) => a.localeCompare(b));

/** `previewing` is the look at who is in it, which ends this step. */
export function ChoosePlants({
  choice,
  onChange,
  previewing,
  onPreview,
}: {
  choice: Choice;
  onChange: (choice: Choice) => void;
  previewing: Action;
  onPreview: () => void;
}) {
  const { register, refresh } = useStore(useConsole().plants);
  const isTooMany = choice.plantIds.length > maxCampaignPlants;
  return (
    <Stack>
      <SegmentedControl
        fullWidth
        aria-label="How plants are chosen"
        value={choice.kind}
        onChange={(value) =>
          onChange({ ...choice, kind: ways.find((way) => way.value === value)?.value ?? 'expiring' })
        }
        data={[...ways]}
      />
      <SnapshotView snapshot={register} onRetry={() => void refresh()}>
        {({ items }) => <ByWay choice={choice} onChange={onChange} plants={items} />}
      </SnapshotView>
      {isTooMany && <strong>At most {maxCampaignPlants} in one campaign: plan several.</strong>}
      {previewing.failure && <FailureNotice failure={previewing.failure} />}
      <Group justify="flex-end">
        <Button
          variant="filled"
          leftSection={<IconListSearch size={20} aria-hidden />}
          disabled={selectionOf(choice) === null}
          loading={previewing.isBusy}
          onClick={onPreview}
        >
          Show who is in it
        </Button>
      </Group>
    </Stack>
  );
}

function ByWay({
  choice,
  onChange,
  plants,
}: {
  choice: Choice;
  onChange: (choice: Choice) => void;
  plants: readonly Plant[];
}) {
  const now = useNow(60_000);
  switch (choice.kind) {
    case 'expiring':
      return (
        <NumberField
          label="Their certificates end within so many days"
          description="Tokens are fetched anew and passwords do not end: choose those plants by site or by hand."
          min={0}
          max={3650}
          w={420}
          maw="100%"
          value={choice.days}
          onChange={(days) => onChange({ ...choice, days })}
        />
      );
    case 'site':
      return (
        <Select
          label="Site"
          placeholder="Choose a site"
          nothingFoundMessage="No plant has a site"
          searchable
          data={sitesOf(plants)}
          value={choice.site}
          onChange={(site) => onChange({ ...choice, site })}
        />
      );
    case 'plants':
      return (
        <PlantPicker
          label="Plants of the campaign"
          plants={plants}
          chosen={choice.plantIds}
          onChange={(plantIds) => onChange({ ...choice, plantIds })}
          isRefused={({ status }) => status === 'REVOKED'}
          remark={({ status, credentialExpiresAt, authMethod }) =>
            status === 'REVOKED' ? 'revoked' : <ExpiryText at={credentialExpiresAt} method={authMethod} now={now} />
          }
        />
      );
  }
}
