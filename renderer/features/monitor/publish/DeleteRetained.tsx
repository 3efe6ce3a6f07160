import { Button, Group, List, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { type RetainedList, retainedFilterSchema } from '../../../../shared/model/publish.ts';
import { visibleText } from '../../../../shared/model/visible-text.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { JobSteps } from '../../../ui/JobSteps.tsx';
import { FailureNotice, Notice } from '../../../ui/Notice.tsx';
import { useAction } from '../../../ui/use-action.ts';
import classes from './Publish.module.css';

const shown = 200;

/** Lists what a broker keeps under a filter, and deletes that. */
export function DeleteRetained({ brokerId, topic }: { brokerId: string; topic: string }) {
  const { client, jobs } = useConsole();
  const [filter, setFilter] = useState(topic === '' ? '' : `${topic}/#`);
  const [found, setFound] = useState<{ filter: string; list: RetainedList } | null>(null);
  const [isConfirming, setConfirming] = useState(false);
  const looking = useAction();
  const cancelling = useAction();
  const key = `retained:${brokerId}` as const;
  const job = useStore(jobs, (store) => store.jobs[key]);
  const look = async () => {
    setFound(null);
    setFound({ filter, list: await client.publish.listRetained({ brokerId, filter }) });
  };
  const remove = async (confirmation: string) => {
    const { jobId } = await client.publish.deleteRetained({ brokerId, filter: found?.filter ?? '', confirmation });
    setFound(null);
    void jobs.getState().follow(key, jobId);
  };
  const confirmation = found?.list.confirmation ?? null;
  return (
    <Stack>
      <Group align="flex-end">
        <TextInput
          label="Topic filter"
          description="+ stands for a level, # for the rest. Listing deletes nothing."
          size="md"
          w={420}
          spellCheck={false}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <Button
          disabled={!retainedFilterSchema.safeParse(filter).success}
          loading={looking.isBusy}
          onClick={() => void looking.run(look)}
        >
          List what is retained
        </Button>
      </Group>
      {looking.failure && <FailureNotice failure={looking.failure} />}
      {found && <Found list={found.list} />}
      {confirmation !== null && (
        <Group justify="flex-end">
          <Button color="red" variant="filled" onClick={() => setConfirming(true)}>
            Delete these
          </Button>
        </Group>
      )}
      {job && (
        <JobSteps job={job} done="They are gone" onDismiss={() => jobs.getState().dismiss(key)}>
          {job.state === 'running' && (
            <Group>
              <Button
                loading={cancelling.isBusy}
                onClick={() => void cancelling.run(() => client.publish.cancelDeletion({ jobId: job.jobId }))}
              >
                Cancel the deletion
              </Button>
            </Group>
          )}
        </JobSteps>
      )}
      {cancelling.failure && <FailureNotice failure={cancelling.failure} />}
      {isConfirming && found && confirmation !== null && (
        <ConfirmDialog
          title="Delete retained messages for good?"
          word={`${found.list.topics.length}`}
          action="Delete them"
          onConfirm={() => remove(confirmation)}
          onClose={() => setConfirming(false)}
        >
          <List spacing="xs">
            {found.list.consequences.map((words) => (
              <List.Item key={words}>{words}</List.Item>
            ))}
          </List>
        </ConfirmDialog>
      )}
    </Stack>
  );
}

function Found({ list: { topics, isCut, mayBeIncomplete } }: { list: RetainedList }) {
  const doubt = mayBeIncomplete && !isCut && (
    <Notice tone="attention">
      This list may be incomplete: the broker does not say where its list ends, or leaves out what does not fit into its
      queue. List again afterwards.
    </Notice>
  );
  if (topics.length === 0)
    return (
      <>
        <Notice tone="info">The broker keeps nothing there that the console may read.</Notice>
        {doubt}
      </>
    );
  return (
    <>
      <div>
        {topics.length} retained {topics.length === 1 ? 'message' : 'messages'}
        {isCut && '; there are more, which another look lists'}
      </div>
      <ul aria-label="Retained topics" className={`mono ${classes.topics}`}>
        {topics.slice(0, shown).map(({ topic, payloadBytes }) => (
          <li key={topic}>
            {visibleText(topic.slice(0, 300))} · {payloadBytes} bytes
          </li>
        ))}
      </ul>
      {doubt}
      {topics.length > shown && <div>and {topics.length - shown} more</div>}
    </>
  );
}
