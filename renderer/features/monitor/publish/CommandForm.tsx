import { Button, Group, Select, Stack, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import {
  type CommandProgress,
  type PlantCommand,
  type PublishCheck,
  plantCommandSchema,
} from '../../../../shared/model/publish.ts';
import { visibleText } from '../../../../shared/model/visible-text.ts';
import { vokeCommandTypes } from '../../../../shared/model/voke-commands.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { readyValue } from '../../../app/snapshot.ts';
import { FormEnd } from '../../../ui/FormEnd.tsx';
import { NumberField } from '../../../ui/NumberField.tsx';
import { outOfRange } from '../../../ui/number-range.ts';
import { useAction } from '../../../ui/use-action.ts';
import { CommandFate } from './CommandFate.tsx';
import { readParameters } from './command-parameters.ts';
import { Guard } from './Guard.tsx';
import classes from './Publish.module.css';

/** Of a register of thousands, at once; the rest is found by its name. */
const shownPlants = 50;

/** As the contract takes it. */
const maxSeconds = 600;

type Values = { plantId: string; type: string; parameters: string; topicName: string; timeoutSeconds: number };

/** A signed command of Voke's protocol, followed until the plant acknowledges it. */
export function CommandForm({ brokerId, topic, onClose }: { brokerId: string; topic: string; onClose: () => void }) {
  const { client, plants } = useConsole();
  const register = useStore(plants, (store) => store.register);
  const known = readyValue(register)?.items ?? [];
  const acting = useAction();
  const [guarded, setGuarded] = useState<{ check: PublishCheck; command: PlantCommand } | null>(null);
  const waiting = useRef<AbortController>(null);
  const [isWaiting, setWaiting] = useState(false);
  const [fate, setFate] = useState<readonly CommandProgress[] | null>(null);
  // Nobody waits any more when the form is closed.
  useEffect(() => () => waiting.current?.abort(), []);
  const form = useForm<Values>({
    initialValues: {
      plantId: known.find(({ plantId }) => topic.startsWith(`cpi/${plantId}/`))?.plantId ?? '',
      type: 'GET_INFO',
      parameters: '{}',
      topicName: 'command',
      timeoutSeconds: 15,
    },
    validate: {
      plantId: (value) => (value === '' ? 'Choose a plant' : null),
      parameters: (value) => {
        const reading = readParameters(value);
        return reading.ok ? null : reading.reason;
      },
      timeoutSeconds: (value) => outOfRange(value, 1, maxSeconds),
    },
  });
  const follow = async (command: PlantCommand, confirmation: string | null) => {
    const { timeoutSeconds } = form.getValues();
    setFate([]);
    const question = { brokerId, command, timeoutSeconds, ...(confirmation !== null && { confirmation }) };
    const stop = new AbortController();
    waiting.current = stop;
    setWaiting(true);
    try {
      const answers = await client.publish.command(question, { signal: stop.signal });
      for await (const progress of answers) setFate((told) => [...(told ?? []), progress]);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      setWaiting(false);
    }
  };
  /** Of what was tried before: it would be taken for the answer to the next try. */
  const forget = () => {
    acting.clear();
    setFate(null);
  };
  const ask = async ({ plantId, type, parameters, topicName }: Values) => {
    forget();
    const reading = readParameters(parameters);
    // The field has said so already.
    if (!reading.ok) return;
    const command = plantCommandSchema.parse({ plantId, type, topicName, parameters: reading.value });
    const check = await client.publish.checkCommand({ brokerId, command });
    setGuarded({ check, command });
  };
  return (
    <>
      <form onSubmit={form.onSubmit((values) => void acting.run(() => ask(values)), forget)}>
        <Stack>
          <Select
            label="Plant"
            size="md"
            searchable
            limit={shownPlants}
            nothingFoundMessage="No such plant"
            data={known.map(({ plantId, name }) => ({ value: plantId, label: `${name} (${plantId.slice(0, 8)})` }))}
            {...form.getInputProps('plantId')}
          />
          <Group grow align="flex-start">
            <Select
              label="Command"
              size="md"
              data={[...vokeCommandTypes]}
              allowDeselect={false}
              {...form.getInputProps('type')}
            />
            <Select
              label="Topic of commands"
              size="md"
              data={['command', 'commands']}
              allowDeselect={false}
              {...form.getInputProps('topicName')}
            />
            <NumberField
              label="Wait for the ack, seconds"
              min={1}
              max={maxSeconds}
              {...form.getInputProps('timeoutSeconds')}
            />
          </Group>
          <Textarea
            label="Parameters (p)"
            description="As JSON: Voke's public documentation names no parameters. The console adds cmdId, ts and sig."
            size="md"
            rows={2}
            resize="vertical"
            spellCheck={false}
            {...form.getInputProps('parameters')}
          />
          {fate && <CommandFate told={fate} isWaiting={isWaiting} />}
          {isWaiting && (
            <Group>
              <Button onClick={() => waiting.current?.abort()}>Stop waiting</Button>
            </Group>
          )}
          <div className={classes.end}>
            <FormEnd action={acting} submit="Send command" back="Close" onCancel={onClose} />
          </div>
        </Stack>
      </form>
      {guarded && (
        <Guard
          check={guarded.check}
          action="Send the command"
          onConfirm={async () => {
            void acting.run(() => follow(guarded.command, guarded.check.confirmation));
          }}
          onClose={() => setGuarded(null)}
        >
          <div>
            Parameters:
            <div className={`mono ${classes.sent}`}>{visibleText(JSON.stringify(guarded.command.parameters))}</div>
          </div>
        </Guard>
      )}
    </>
  );
}
