// The SSH address of a device. Its login secret goes to the core and never comes back; left empty, the stored one stays.

import { Button, Group, NumberInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { type Device, defaultDeviceDirectory, deviceInputSchema } from '../../../shared/model/device.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { formErrors, toFailure } from '../../failure.ts';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useAction } from '../../ui/use-action.ts';
import { validateWith } from '../../ui/validate-with.ts';
import { LoginFields } from '../ssh/LoginFields.tsx';
import { emptyLogin, hasSecret, type LoginValues, loginOf } from '../ssh/login.ts';

type Values = { host: string; port: number | string; username: string; login: LoginValues; directory: string };

const inputOf = ({ login, ...rest }: Values) => ({ ...rest, ...(hasSecret(login) && { login: loginOf(login) }) });

/** What is set of a device beside these fields, and stays when they are stored. */
const otherSettings = ({ transport, rights, owner, restartCommand, jump, allowsLegacyAlgorithms }: Device) => ({
  transport,
  rights,
  owner,
  restartCommand,
  jump,
  allowsLegacyAlgorithms,
});

export function DeviceForm({ plantId, device }: { plantId: PlantId; device: Device | null }) {
  const { client, plantDetail } = useConsole();
  const saving = useAction();
  const form = useForm<Values>({
    initialValues: {
      host: device?.host ?? '',
      port: device?.port ?? 22,
      username: device?.username ?? 'root',
      login: emptyLogin(device?.authentication),
      directory: device?.directory ?? defaultDeviceDirectory,
    },
    validate: (values) => {
      const errors = validateWith(deviceInputSchema, inputOf)(values);
      if (!hasSecret(values.login) && values.login.kind !== device?.authentication) {
        errors[values.login.kind === 'password' ? 'login.password' : 'login.privateKeyPem'] = 'needed the first time';
      }
      return errors;
    },
  });
  const { kind } = form.values.login;
  const save = async (values: Values) => {
    const input = { ...inputOf(values), ...(device && otherSettings(device)) };
    try {
      await client.plants.putDevice({ plantId, device: deviceInputSchema.parse(input) });
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
            <NumberInput
              label="Port"
              size="md"
              hideControls
              min={1}
              max={65535}
              w={96}
              {...form.getInputProps('port')}
            />
          </Group>
          <TextInput label="User" required spellCheck={false} autoComplete="off" {...form.getInputProps('username')} />
          <LoginFields
            kind={kind}
            field={(name) => form.getInputProps(`login.${name}`)}
            owner="on the device"
            isStored={device?.authentication === kind}
          />
          <TextInput label="Directory for the files" spellCheck={false} {...form.getInputProps('directory')} />
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
