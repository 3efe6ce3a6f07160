import { Button, Checkbox, Group, SegmentedControl, Stack, Switch, TextInput } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { CampaignSettings } from '../../../../../shared/model/campaign.ts';
import { type OverrulableCheck, overrulableChecks } from '../../../../../shared/model/preflight.ts';
import { useConsole } from '../../../../app/console-context.tsx';
import { readyValue } from '../../../../app/snapshot.ts';
import { Fold } from '../../../../ui/Fold.tsx';
import { FailureNotice, Notice } from '../../../../ui/Notice.tsx';
import { NumberField } from '../../../../ui/NumberField.tsx';
import { useAction } from '../../../../ui/use-action.ts';
import { windowWords } from '../words.ts';
import { type SettingsForm, settingsField, settingsInput, settingsOf } from './settings.ts';

const overruleWords: Record<OverrulableCheck, string> = {
  clock: 'Deploy although the clock of a device is wrong: it will be set right there',
  contents: 'Replace what lies in the directory, although it is not of that plant',
};

/** How the campaign works. `action` is the word of the button that plans it. */
export function CampaignSettingsForm({
  form,
  action,
  onSubmit,
}: {
  form: SettingsForm;
  action: string;
  onSubmit: (settings: CampaignSettings) => Promise<unknown>;
}) {
  const planning = useAction();
  return (
    <form onSubmit={form.onSubmit((values) => void planning.run(() => onSubmit(settingsOf(values))))}>
      <Stack>
        <TextInput label="Name" autoComplete="off" {...form.getInputProps('name')} />
        <Proof form={form} />
        <NumberField
          label="Devices at a time"
          description="To one host there are never more than four logins at once."
          w={420}
          maw="100%"
          {...form.getInputProps('parallel')}
        />
        <ChangeWindow form={form} />
        <Approval form={form} />
        <Fold
          title="Overrule the preflight"
          summary={form.values.overrule.length === 0 ? 'nothing' : `${form.values.overrule.length} of 2`}
        >
          <div>Each device is checked before anything is written there. A refusal fails that plant alone, unless:</div>
          {overrulableChecks.map((check) => (
            <Checkbox
              key={check}
              size="md"
              label={overruleWords[check]}
              checked={form.values.overrule.includes(check)}
              onChange={({ currentTarget: { checked } }) => {
                const others = form.values.overrule.filter((other) => other !== check);
                form.setFieldValue('overrule', checked ? [...others, check] : others);
              }}
            />
          ))}
        </Fold>
        {planning.failure && <FailureNotice failure={planning.failure} />}
        <Group justify="space-between">
          <div>Nothing begins before you start it.</div>
          <Button
            type="submit"
            variant="filled"
            leftSection={<IconCheck size={20} aria-hidden />}
            loading={planning.isBusy}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Proof({ form }: { form: SettingsForm }) {
  const { isVerified, otherwise } = form.values;
  return (
    <>
      <Switch
        size="md"
        label="Wait until each plant speaks to the broker with its new credential"
        description={
          isVerified ? undefined : 'What the device tells is enough. Older credentials stay in force until it is heard.'
        }
        {...form.getInputProps('isVerified', { type: 'checkbox' })}
      />
      {isVerified && (
        <Group align="flex-end">
          <NumberField label="Seconds to wait" w={150} {...settingsField(form, 'seconds', 'verify.seconds')} />
          <SegmentedControl
            aria-label="When it does not speak"
            value={otherwise}
            onChange={(value) => form.setFieldValue('otherwise', value === 'rollBack' ? 'rollBack' : 'keep')}
            data={[
              { value: 'keep', label: 'Otherwise keep it' },
              { value: 'rollBack', label: 'Otherwise put back' },
            ]}
          />
        </Group>
      )}
      {isVerified && (
        <div>
          {otherwise === 'keep'
            ? 'A plant that is not heard in time counts as failed; its new files stay on the device, and its older credential in force.'
            : 'A plant that is not heard in time counts as failed, and its device gets back the files that it had before.'}
        </div>
      )}
    </>
  );
}

function ChangeWindow({ form }: { form: SettingsForm }) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const entered = windowWords(settingsInput(form.values));
  return (
    <>
      <Switch
        size="md"
        label="Only within a change window"
        {...form.getInputProps('hasWindow', { type: 'checkbox' })}
      />
      {form.values.hasWindow && (
        <Stack gap={8}>
          <Group align="flex-start" grow>
            <TextInput
              type="datetime-local"
              label="Begin nothing before"
              {...settingsField(form, 'from', 'notBefore')}
            />
            <TextInput
              type="datetime-local"
              label="Begin nothing after"
              {...settingsField(form, 'until', 'notAfter')}
            />
          </Group>
          {/* Fields show a moment as the machine's language has it; this is how the console does everywhere else. */}
          {entered && <strong>Its window: {entered}.</strong>}
          <div>
            Time of this machine ({timeZone}). What runs at the end of the window ends in peace; an empty field leaves
            that end open. Started early, the campaign waits, as long as this console runs.
          </div>
        </Stack>
      )}
    </>
  );
}

function Approval({ form }: { form: SettingsForm }) {
  const approvers = useStore(useConsole().campaigns, (store) => readyValue(store.approvers));
  return (
    <>
      <Switch
        size="md"
        label="Somebody else has to approve it first"
        {...form.getInputProps('needsApproval', { type: 'checkbox' })}
      />
      {form.values.needsApproval && approvers?.length === 0 && (
        <Notice tone="attention">Nobody is enrolled yet. Enrol an approver below the list of campaigns.</Notice>
      )}
    </>
  );
}
