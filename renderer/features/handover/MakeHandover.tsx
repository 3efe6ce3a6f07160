import { Button, Checkbox, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { IconSignature } from '@tabler/icons-react';
import { useState } from 'react';
import type { Plant } from '../../../shared/model/plant.ts';
import type { Recording } from '../../../shared/model/recording.ts';
import { useConsole } from '../../app/console-context.tsx';
import layout from '../../ui/layout.module.css';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useAction } from '../../ui/use-action.ts';
import { ChooseRecordings } from './ChooseRecordings.tsx';
import { ChooseScope } from './ChooseScope.tsx';
import { allPlants, type Choice, choiceToAsk } from './choice.ts';
import { PreviewPanel } from './PreviewPanel.tsx';
import { saveHandover } from './save-handover.ts';

/** The form of a new record, and beside it what the record would say. */
export function MakeHandover({ plants, recordings }: { plants: readonly Plant[]; recordings: readonly Recording[] }) {
  const { client } = useConsole();
  const [choice, setChoice] = useState<Choice>(allPlants);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [withRecordings, setWithRecordings] = useState(true);
  const [by, setBy] = useState('');
  const [to, setTo] = useState('');
  const [remark, setRemark] = useState('');
  const making = useAction();
  const asked = choiceToAsk(choice);
  // One that was chosen may have been deleted since then.
  const offered = recordings.filter(({ sha256 }) => sha256 !== null);
  const recordingIds = chosen.filter((id) => offered.some(({ recordingId }) => recordingId === id));
  const make = async () => {
    if (!asked) return;
    const { number } = await client.handovers.make({ plants: asked, recordingIds, withRecordings, by, to, remark });
    setRemark('');
    await saveHandover(client, number, true);
  };
  return (
    <div className={layout.columns}>
      <Panel title="New record">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void making.run(make);
          }}
        >
          <Stack>
            <ChooseScope choice={choice} onChange={setChoice} plants={plants} />
            {offered.length > 0 && <ChooseRecordings recordings={offered} chosen={recordingIds} onChange={setChosen} />}
            {recordingIds.length > 0 && (
              <Checkbox
                size="md"
                label="With the files of the recordings"
                description="Otherwise the record has their SHA-256 only."
                checked={withRecordings}
                onChange={(event) => setWithRecordings(event.currentTarget.checked)}
              />
            )}
            <TextInput
              size="md"
              label="Handed over by"
              required
              maxLength={120}
              value={by}
              onChange={(event) => setBy(event.currentTarget.value)}
            />
            <TextInput
              size="md"
              label="Handed over to"
              required
              maxLength={120}
              value={to}
              onChange={(event) => setTo(event.currentTarget.value)}
            />
            <Textarea
              size="md"
              label="Remark"
              description="Stands on the first page"
              autosize
              minRows={2}
              maxRows={6}
              maxLength={2000}
              value={remark}
              onChange={(event) => setRemark(event.currentTarget.value)}
            />
            {making.failure && <FailureNotice failure={making.failure} />}
            <Group justify="flex-end">
              <Button
                type="submit"
                variant="filled"
                leftSection={<IconSignature size={20} aria-hidden />}
                disabled={!asked || by.trim() === '' || to.trim() === ''}
                loading={making.isBusy}
              >
                Sign and save
              </Button>
            </Group>
          </Stack>
        </form>
      </Panel>
      <PreviewPanel asked={asked} recordingIds={recordingIds} />
    </div>
  );
}
