import { Button, Group, PasswordInput, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { approvalCodeSchema, type Campaign } from '../../../../shared/model/campaign.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { readyValue } from '../../../app/snapshot.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { FailureNotice, Notice } from '../../../ui/Notice.tsx';
import { Fact, Facts } from '../../../ui/Panel.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { overruleWords, plantsIn, possibleApprovers, proofWords, tallyOf, windowWords } from './words.ts';

/** A second person agrees, at this console, by a code that only they know. */
export function ApproveDialog({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const { client, campaigns } = useConsole();
  const approvers = useStore(campaigns, (store) => readyValue(store.approvers)) ?? [];
  const names = possibleApprovers(campaign, approvers).map(({ name }) => name);
  const [approver, setApprover] = useState<string | null>(names.length === 1 ? (names[0] ?? null) : null);
  const [code, setCode] = useState('');
  const approving = useAction();
  const { campaignId, name, createdBy } = campaign;
  const isComplete = approver !== null && approvalCodeSchema.safeParse(code).success;
  const submit = async () => {
    if (!approver || !isComplete) return;
    const isDone = await approving.run(() => client.campaigns.approve({ campaignId, approver, code }));
    setCode('');
    if (isDone) onClose();
  };
  return (
    <Dialog onClose={onClose} title={`Approve “${name}”`} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack>
          <Facts>
            <Fact name="Planned by">{createdBy}</Fact>
            <Fact name="Reaches">{plantsIn(tallyOf(campaign).total)}; which ones cannot change any more</Fact>
            <Fact name="Proof">{proofWords(campaign)}</Fact>
            <Fact name="Preflight">{overruleWords(campaign) ?? 'a device that it refuses is left alone'}</Fact>
            <Fact name="Change window">{windowWords(campaign) ?? 'none: it may begin at any time'}</Fact>
          </Facts>
          {names.length === 0 ? (
            <Notice tone="attention">
              Nobody but {createdBy} may agree, so nobody can. Close this, and enrol an approver below the campaigns.
            </Notice>
          ) : (
            <>
              <Select
                label="Approver"
                placeholder="Who are you?"
                data={names}
                value={approver}
                onChange={setApprover}
              />
              <PasswordInput
                label="Your code"
                autoComplete="off"
                value={code}
                onChange={(event) => setCode(event.currentTarget.value)}
              />
            </>
          )}
          {approving.failure && <FailureNotice failure={approving.failure} />}
          <Group justify="flex-end">
            <Button onClick={onClose}>Close</Button>
            {names.length > 0 && (
              <Button type="submit" variant="filled" disabled={!isComplete} loading={approving.isBusy}>
                Approve
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
