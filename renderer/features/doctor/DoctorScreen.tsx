// Why does it not connect? What is asked stands at the top, the answer under it, the way there below.

import { Button, Checkbox, SegmentedControl, Select } from '@mantine/core';
import { IconStethoscope } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Broker } from '../../../shared/model/broker.ts';
import { type Plant, plantIdSchema } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { readyValue } from '../../app/snapshot.ts';
import layout from '../../ui/layout.module.css';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ConnectionFields } from './ConnectionFields.tsx';
import { useConnectionForm } from './connection-form.ts';
import { connectionOf } from './connection-values.ts';
import { DiagnosisPanel } from './DiagnosisPanel.tsx';
import classes from './Doctor.module.css';
import type { Asked } from './store.ts';

const noPlants: readonly Plant[] = [];
const shownPlants = 100;

/** `kind` and `id` come from the address: `#/doctor/plant/{id}`, `#/doctor/broker/{id}`, or nothing. */
export function DoctorScreen({ kind, id }: { kind: string | null; id: string | null }) {
  const { brokers, plants } = useConsole();
  const broker = useStore(brokers, ({ list }) => readyValue(list)?.find(({ brokerId }) => brokerId === id));
  const plantItems = useStore(plants, ({ register }) => readyValue(register)?.items ?? noPlants);
  const [subject, setSubject] = useState<'plant' | 'connection'>(kind === 'broker' ? 'connection' : 'plant');
  const [plantId, setPlantId] = useState<string | null>(kind === 'plant' ? id : null);
  return (
    <div className={layout.screen}>
      <PageHeader
        title="Connection doctor"
        about="Walks the way of a connection as its client would, and says why it does not come about."
      />
      <Panel>
        <div className={classes.form}>
          <SegmentedControl
            className={classes.subject}
            aria-label="Whose connection"
            value={subject}
            onChange={(value) => setSubject(value === 'plant' ? 'plant' : 'connection')}
            data={[
              { value: 'plant', label: 'A plant of the register' },
              { value: 'connection', label: 'By parameters' },
            ]}
          />
          {subject === 'plant' ? (
            <PlantForm plants={plantItems} plantId={plantId} onChange={setPlantId} />
          ) : (
            <ParametersForm key={broker?.brokerId} broker={broker} />
          )}
        </div>
      </Panel>
      <DiagnosisPanel />
    </div>
  );
}

function PlantForm({
  plants,
  plantId,
  onChange,
}: {
  plants: readonly Plant[];
  plantId: string | null;
  onChange: (plantId: string | null) => void;
}) {
  const chosen = plantIdSchema.safeParse(plantId).data;
  return (
    <>
      <Select
        label="Plant"
        description="Examined with the credential that was issued to it, under another client id: its session goes on."
        placeholder="Name or site"
        searchable
        limit={shownPlants}
        nothingFoundMessage="No plant is called so."
        value={plantId}
        onChange={onChange}
        data={plants.map((plant) => ({
          value: plant.plantId,
          label: [plant.name, plant.site].filter(Boolean).join(' · '),
        }))}
      />
      <Examine asked={chosen && (() => ({ kind: 'plant', plantId: chosen }))} />
    </>
  );
}

function ParametersForm({ broker }: { broker: Broker | undefined }) {
  const form = useConnectionForm(broker);
  return (
    <>
      <ConnectionFields form={form} />
      <Examine
        asked={() => (form.validate().hasErrors ? null : { kind: 'connection', connection: connectionOf(form.values) })}
      />
    </>
  );
}

/** `asked`: what shall be examined; undefined while nothing is chosen, null when it does not fit yet. */
function Examine({ asked }: { asked: (() => Asked | null) | undefined }) {
  const { examine, isBusy, failure } = useStore(useConsole().doctor);
  const [exchanges, setExchanges] = useState(false);
  const start = (takesOver: boolean) => {
    const question = asked?.();
    if (question) void examine(question, { exchanges, takesOver });
  };
  return (
    <>
      <div className={classes.foot}>
        <Checkbox
          size="md"
          label="Also send a test message each way"
          description="Not retained and not signed: a plant that is connected hears it, but does not obey it."
          checked={exchanges}
          onChange={(event) => setExchanges(event.currentTarget.checked)}
        />
        <Button
          variant="filled"
          leftSection={<IconStethoscope size={20} aria-hidden />}
          loading={isBusy}
          disabled={!asked}
          onClick={() => start(false)}
        >
          Examine
        </Button>
      </div>
      {failure?.code === 'doctor/would-interrupt' ? (
        <Notice tone="attention" action={<Button onClick={() => start(true)}>End the session and examine</Button>}>
          {failure.sentence}
        </Notice>
      ) : (
        failure && <FailureNotice failure={failure} />
      )}
    </>
  );
}
