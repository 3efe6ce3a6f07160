// The SSH address of a device. Its login secret goes to the core and never comes back; left empty, the stored one stays.

import { Button, Group, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type Device, deviceInputSchema } from '../../../shared/model/device.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { formErrors, toFailure } from '../../failure.ts';
import { FailureNotice } from '../../ui/Notice.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useAction } from '../../ui/use-action.ts';
import { LoginFields } from '../ssh/LoginFields.tsx';
import { AdvancedSettings } from './device/AdvancedSettings.tsx';
import { type DeviceValues, inputOf } from './device/device-values.ts';
import { useDeviceForm } from './device/use-device-form.ts';

export function DeviceForm({ plantId, device }: { plantId: PlantId; device: Device | null }) {
  const { client, plantDetail } = useConsole();
  const saving = useAction();
  const form = useDeviceForm(device);
  const { kind } = form.values.login;
  const save = async (values: DeviceValues) => {
    try {
      await client.plants.putDevice({ plantId, device: deviceInputSchema.parse(inputOf(values)) });
      await plantDetail.getState().refresh();
      notifications.show({ message: 'The device address is stored.' });
    } catch (error) {
      form.setErrors(formErrors(toFailure(error), 'device.'));
      throw error;
    }
  };
  return (
    <Panel title="1. SSH address">
      <form onSubmit={form.onSubmit((values) => void saving.run(() => save(values)))}>
        <Stack>
          <Group align="flex-start" wrap="nowrap">
            <TextInput
              label="Host name or address"
              required
              style={{ flex: 1 }}
              spellCheck={false}
              {...form.getInputProps('host')}
            />
            <NumberField label="Port" min={1} max={65535} w={96} {...form.getInputProps('port')} />
          </Group>
          <TextInput label="User" required spellCheck={false} autoComplete="off" {...form.getInputProps('username')} />
          <LoginFields
            kind={kind}
            field={(name) => form.getInputProps(`login.${name}`)}
            owner="on the device"
            isStored={device?.authentication === kind}
          />
          <TextInput label="Directory for the files" spellCheck={false} {...form.getInputProps('directory')} />
          <AdvancedSettings form={form} device={device} />
          {saving.failure && <FailureNotice failure={saving.failure} />}
          <Group justify="flex-end">
            <Button type="submit" variant={device ? 'default' : 'filled'} loading={saving.isBusy}>
              Store address
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
