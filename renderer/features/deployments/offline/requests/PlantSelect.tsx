import { Select } from '@mantine/core';
import { useStore } from 'zustand';
import type { Plant } from '../../../../../shared/model/plant.ts';
import { useConsole } from '../../../../app/console-context.tsx';
import { readyValue } from '../../../../app/snapshot.ts';

const noPlants: readonly Plant[] = [];

/** The plants that prove themselves by a certificate: only they have a key that a device can make. */
export function useCertificatePlants(): readonly Plant[] {
  const items = useStore(useConsole().plants, ({ register }) => readyValue(register)?.items ?? noPlants);
  return items.filter(({ authMethod }) => authMethod === 'MTLS');
}

/** One of many plants, found by its name or site. */
export function PlantSelect({
  plants,
  value,
  onChange,
}: {
  plants: readonly Plant[];
  value: Plant | null;
  onChange: (plant: Plant | null) => void;
}) {
  return (
    <Select
      label="Plant"
      placeholder="Name, site or id"
      searchable
      limit={50}
      nothingFoundMessage="No plant with a certificate fits"
      data={plants.map(({ plantId, name, site }) => ({
        value: plantId,
        label: [name, site, plantId.slice(0, 8)].filter(Boolean).join(' · '),
      }))}
      value={value?.plantId ?? null}
      onChange={(id) => onChange(plants.find(({ plantId }) => plantId === id) ?? null)}
    />
  );
}
