import { Select } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { MonitorIdentity } from '../../../shared/model/monitor-settings.ts';
import type { Plant, PlantId } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { ask, readyValue } from '../../app/snapshot.ts';
import { listeningCredential } from './listening-identity.ts';

const asConsole = 'console';
/** Of those that fit what was typed; a register may hold thousands. */
const shownPlants = 100;
const noPlants: readonly Plant[] = [];

type Props = {
  /** The plant as which it is listened now; null as the console. */
  readonly asPlant: PlantId | null;
  /** Told null while a plant is chosen of which no credential serves. */
  readonly onChange: (identity: MonitorIdentity | null) => void;
  readonly isMissing: boolean;
};

/** As whom to listen: the console itself, or a plant whose credential still lies in the vault. */
export function IdentityField({ asPlant, onChange, isMissing }: Props) {
  const { client, plants } = useConsole();
  const items = useStore(plants, ({ register }) => readyValue(register)?.items ?? noPlants);
  const [chosen, setChosen] = useState<string>(asPlant ?? asConsole);
  const [fault, setFault] = useState<string | null>(null);
  const plant = items.find(({ plantId }) => plantId === chosen);

  const choose = async (value: string) => {
    setChosen(value);
    setFault(null);
    if (value === asConsole) return onChange({ kind: 'console' });
    onChange(null);
    const plantId = items.find((item) => item.plantId === value)?.plantId;
    if (!plantId) return;
    const credentials = await ask(() => client.plants.credentials({ plantId }));
    if (credentials.status === 'failed') return setFault(credentials.failure.sentence);
    if (credentials.status !== 'ready') return;
    const { credential, because } = listeningCredential(credentials.value, Date.now());
    setFault(because);
    if (credential) onChange({ kind: 'credential', credentialId: credential.credentialId });
  };

  return (
    <Select
      label="Listen as"
      description={
        plant
          ? `${plant.authMethod}, user name ${plant.username}. Hears what the broker lets this plant read, mostly its commands; the plant’s own session goes on.`
          : 'The console hears all plants, and no plant notices.'
      }
      error={fault ?? (isMissing && 'Choose the console, or a plant.')}
      placeholder="Name or site of a plant"
      size="md"
      searchable
      limit={shownPlants}
      allowDeselect={false}
      nothingFoundMessage="No plant is called so."
      value={chosen}
      onChange={(value) => value !== null && void choose(value)}
      data={[
        { value: asConsole, label: 'The console itself' },
        ...items.map(({ plantId, name, site, authMethod }) => ({
          value: plantId,
          label: [name, site, authMethod].filter(Boolean).join(' · '),
        })),
      ]}
    />
  );
}
