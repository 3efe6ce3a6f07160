import { Button, Group, SegmentedControl, Select } from '@mantine/core';
import { IconBuildingFactory2, IconFileImport, IconFilterOff, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { CampaignSelection } from '../../../shared/model/campaign.ts';
import { authMethods, type Plant, plantStatuses } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { FilterRow, SearchField } from '../../ui/FilterRow.tsx';
import layout from '../../ui/layout.module.css';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { RotateButton } from '../deployments/campaigns/RotateButton.tsx';
import { AddPlant } from './AddPlant.tsx';
import { ScanDevices } from './device/ScanDevices.tsx';
import { ImportPlants } from './import/ImportPlants.tsx';
import classes from './PlantsScreen.module.css';
import { PlantTable } from './PlantTable.tsx';
import { noFilter, type PlantFilter } from './store.ts';
import { methodWords, statusWords } from './words.tsx';

/** The register of plants. */
export function PlantsScreen() {
  const { list, register, filter, setFilter, refresh } = useStore(useConsole().plants);
  const [isAdding, setAdding] = useState(false);
  const [isImporting, setImporting] = useState(false);
  const registered = register.status === 'ready' ? register.value.total : null;
  const shown = list.status === 'ready' ? list.value.items : [];
  const addButton = (
    <Button variant="filled" leftSection={<IconPlus size={20} aria-hidden />} onClick={() => setAdding(true)}>
      Add plant
    </Button>
  );
  const importButton = (
    <Button leftSection={<IconFileImport size={20} aria-hidden />} onClick={() => setImporting(true)}>
      Import from CSV
    </Button>
  );
  return (
    <div className={`${layout.screen} ${layout.fixed}`}>
      <PageHeader title="Plants" about="Each plant is one MQTT identity: a PLC with its own credential.">
        {registered !== 0 && (
          <>
            <ScanDevices />
            <RotateButton selection={shown.length === registered ? null : byHand(shown)} />
            {importButton}
            {addButton}
          </>
        )}
      </PageHeader>
      {registered !== 0 && <Filters filter={filter} onChange={setFilter} />}
      <SnapshotView snapshot={list} onRetry={() => void refresh()}>
        {({ items }) => {
          if (registered === 0) {
            return (
              <EmptyState
                icon={IconBuildingFactory2}
                title="No plants yet"
                action={
                  <Group>
                    {importButton}
                    {addButton}
                  </Group>
                }
              >
                Add the first PLC that shall talk to your broker. You only need a name for it; its id is made for you.
                Many at once are imported from a CSV file.
              </EmptyState>
            );
          }
          if (items.length === 0) {
            return (
              <EmptyState
                icon={IconFilterOff}
                title="No plant fits the filter"
                action={<Button onClick={() => setFilter(noFilter)}>Show all plants</Button>}
              />
            );
          }
          return (
            <>
              <PlantTable plants={items} />
              <p className={classes.count} role="status">
                {items.length === registered ? `${items.length} plants` : `${items.length} of ${registered} plants`}
              </p>
            </>
          );
        }}
      </SnapshotView>
      {isAdding && <AddPlant onClose={() => setAdding(false)} />}
      {isImporting && <ImportPlants onClose={() => setImporting(false)} />}
    </div>
  );
}

/** Those that passed a filter, as far as there is something to rotate. */
const byHand = (plants: readonly Plant[]): CampaignSelection => ({
  kind: 'plants',
  plantIds: plants.filter(({ status }) => status !== 'REVOKED').map(({ plantId }) => plantId),
});

function Filters({ filter, onChange }: { filter: PlantFilter; onChange: (filter: PlantFilter) => void }) {
  return (
    <FilterRow>
      <SearchField
        label="Search name, site or id"
        value={filter.query}
        onChange={(query) => onChange({ ...filter, query })}
      />
      <SegmentedControl
        aria-label="Status"
        value={filter.status ?? ''}
        onChange={(value) => onChange({ ...filter, status: plantStatuses.find((s) => s === value) ?? null })}
        data={[
          { value: '', label: 'All' },
          ...plantStatuses.map((status) => ({ value: status, label: statusWords[status] })),
        ]}
      />
      <Select
        className={classes.method}
        aria-label="Auth method"
        value={filter.authMethod ?? ''}
        onChange={(value) => onChange({ ...filter, authMethod: authMethods.find((m) => m === value) ?? null })}
        data={[
          { value: '', label: 'Any method' },
          ...authMethods.map((method) => ({ value: method, label: methodWords[method] })),
        ]}
      />
    </FilterRow>
  );
}
