import { SegmentedControl, Select, Stack } from '@mantine/core';
import type { Plant } from '../../../shared/model/plant.ts';
import { PlantPicker } from '../deployments/PlantPicker.tsx';
import { methodWords } from '../plants/words.tsx';
import { type Choice, sitesOf } from './choice.ts';

const ways = [
  { value: 'all', label: 'All plants' },
  { value: 'site', label: 'One site' },
  { value: 'plants', label: 'Chosen by hand' },
] as const;

type ScopeProps = {
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
  readonly plants: readonly Plant[];
};

/** Which plants the record is about. */
export function ChooseScope(props: ScopeProps) {
  const { choice, onChange } = props;
  return (
    <Stack>
      <SegmentedControl
        fullWidth
        aria-label="What is handed over"
        value={choice.kind}
        onChange={(value) => onChange({ ...choice, kind: ways.find((way) => way.value === value)?.value ?? 'all' })}
        data={[...ways]}
      />
      <ByWay {...props} />
    </Stack>
  );
}

function ByWay({ choice, onChange, plants }: ScopeProps) {
  switch (choice.kind) {
    case 'all':
      return null;
    case 'site':
      return (
        <Select
          size="md"
          label="Site"
          placeholder="Choose a site"
          nothingFoundMessage="No such site"
          searchable
          data={sitesOf(plants)}
          value={choice.site}
          onChange={(site) => onChange({ ...choice, site })}
        />
      );
    case 'plants':
      return (
        <PlantPicker
          label="Plants of the record"
          plants={plants}
          chosen={choice.plantIds}
          onChange={(plantIds) => onChange({ ...choice, plantIds })}
          isRefused={() => false}
          remark={({ status, authMethod }) => `${methodWords[authMethod]}, ${status}`}
        />
      );
  }
}
