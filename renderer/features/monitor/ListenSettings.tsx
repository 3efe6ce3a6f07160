import { Group, Select, Stack, Switch, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useCallback, useEffect, useState } from 'react';
import type { MonitorSettings } from '../../../shared/model/monitor-settings.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { ask, type Snapshot, waiting } from '../../app/snapshot.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { FormEnd } from '../../ui/FormEnd.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { useAction } from '../../ui/use-action.ts';
import { IdentityField } from './IdentityField.tsx';
import { type SettingsForm, settingsErrors, toForm, toSettings } from './settings-form.ts';

const versions: readonly { value: SettingsForm['protocolVersion']; label: string }[] = [
  { value: 'auto', label: 'MQTT 5, else 3.1.1' },
  { value: '5', label: 'MQTT 5 only' },
  { value: '4', label: 'MQTT 3.1.1 only' },
];

type KnownSettings = MonitorSettings & { readonly asPlant: PlantId | null };

/** As whom a broker is listened to, to what of it, and how much of it is kept. */
export function ListenSettings({ brokerId, onClose }: { brokerId: string; onClose: () => void }) {
  const { client } = useConsole();
  const [settings, setSettings] = useState<Snapshot<KnownSettings>>(waiting);
  const load = useCallback(
    () => void ask(() => client.monitor.settings({ brokerId })).then(setSettings),
    [client, brokerId],
  );
  useEffect(load, [load]);
  return (
    <Dialog onClose={onClose} size="lg" title="How to listen">
      <SnapshotView snapshot={settings} onRetry={load}>
        {(known) => <SettingsFields settings={known} onClose={onClose} />}
      </SnapshotView>
    </Dialog>
  );
}

function SettingsFields({ settings, onClose }: { settings: KnownSettings; onClose: () => void }) {
  const { monitor } = useConsole();
  const saving = useAction();
  // Of a plant that is gone, nothing can be used any more.
  const identity = settings.asPlant === null ? ({ kind: 'console' } as const) : settings.identity;
  const form = useForm<SettingsForm>({
    initialValues: toForm({ ...settings, identity }),
    validate: settingsErrors,
  });
  const save = async (values: SettingsForm) => {
    await monitor.getState().listen(toSettings(values));
    onClose();
  };
  return (
    <form onSubmit={form.onSubmit((values) => void saving.run(() => save(values)))}>
      <Stack>
        <IdentityField
          asPlant={settings.asPlant}
          onChange={(identity) => form.setFieldValue('identity', identity)}
          isMissing={form.errors.identity !== undefined}
        />
        <Textarea
          label="Topic filters"
          description="One a line; + stands for a level, # for the rest"
          size="md"
          rows={2}
          spellCheck={false}
          data-autofocus
          {...form.getInputProps('filters')}
        />
        <Switch
          size="md"
          label="Also what the broker says of itself ($SYS)"
          {...form.getInputProps('includeSys', { type: 'checkbox' })}
        />
        <Select
          label="Protocol"
          size="md"
          data={versions}
          allowDeselect={false}
          {...form.getInputProps('protocolVersion')}
        />
        <Group grow align="flex-start">
          <NumberField label="Topics" thousandSeparator {...form.getInputProps('topics')} />
          <NumberField label="Values, MiB" {...form.getInputProps('valueMebibytes')} />
          <NumberField label="History, MiB" {...form.getInputProps('historyMebibytes')} />
        </Group>
        <Notice tone="info">
          These are limits: what has no room is counted below the tree. Listening begins anew, and what was kept so far
          is gone.
        </Notice>
        <FormEnd action={saving} submit="Listen" onCancel={onClose} />
      </Stack>
    </form>
  );
}
