import { Button, Group, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Plant } from '../../../shared/model/plant.ts';
import { defaultTokenTtlSeconds, maxTokenTtlSeconds } from '../../../shared/model/provisioning.ts';
import { useConsole } from '../../app/console-context.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { SecretField } from '../../ui/SecretField.tsx';
import { dateTime } from '../../ui/time.ts';
import { useAction } from '../../ui/use-action.ts';

const lifetimes = [
  { value: String(defaultTokenTtlSeconds), label: '1 hour' },
  { value: String(8 * 3600), label: '8 hours (a shift)' },
  { value: String(maxTokenTtlSeconds), label: '24 hours, the longest' },
];

/** A fresh token for a TOKEN plant, shown once and kept nowhere. */
export function IssueToken({ plant: { plantId, name }, onClose }: { plant: Plant; onClose: () => void }) {
  const { client, plantDetail } = useConsole();
  const [lifetime, setLifetime] = useState(String(defaultTokenTtlSeconds));
  const [issued, setIssued] = useState<{ token: string; expiresAt: string } | null>(null);
  const issuing = useAction();
  const issue = async () => {
    setIssued(await client.plants.issueToken({ plantId, ttlSeconds: Number(lifetime) }));
    await plantDetail.getState().refresh();
  };
  if (issued) {
    return (
      <Dialog title={`Token for ${name}`} size={680}>
        <Stack>
          <Notice tone="attention">
            <strong>This token is shown once</strong> and is not kept here. It ends {dateTime(issued.expiresAt)}.
          </Notice>
          <SecretField name="Token" secret={issued.token} />
          <Group justify="flex-end">
            <Button variant="filled" onClick={onClose}>
              I have stored it
            </Button>
          </Group>
        </Stack>
      </Dialog>
    );
  }
  return (
    <Dialog onClose={onClose} title="Issue token">
      <Stack>
        <Select
          label="Valid for"
          value={lifetime}
          onChange={(value) => value && setLifetime(value)}
          data={lifetimes}
          data-autofocus
        />
        {issuing.failure && <FailureNotice failure={issuing.failure} />}
        <Group justify="flex-end">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" loading={issuing.isBusy} onClick={() => void issuing.run(issue)}>
            Issue token
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
