// The SSH address of a device. Its login secret goes to the core and never comes back; left empty, the stored one stays.

import { Button, Group, NumberInput, PasswordInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import {
  type Device,
  type DeviceLogin,
  defaultDeviceDirectory,
  deviceInputSchema,
} from '../../../shared/model/device.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { formErrors, toFailure } from '../../failure.ts';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useAction } from '../../ui/use-action.ts';
import { validateWith } from '../../ui/validate-with.ts';

type Values = {
  host: string;
  port: number | string;
  username: string;
  loginKind: DeviceLogin['kind'];
  password: string;
  privateKeyPem: string;
  directory: string;
};

function loginOf({ loginKind, password, privateKeyPem }: Values): DeviceLogin | null {
  switch (loginKind) {
    case 'agent':
      return { kind: 'agent' };
    case 'password':
      return password ? { kind: 'password', password } : null;
    case 'privateKey':
      return privateKeyPem.trim() ? { kind: 'privateKey', privateKeyPem } : null;
  }
}

const inputOf = (values: Values) => {
  const login = loginOf(values);
  const { host, port, username, directory } = values;
  return { host, port, username, directory, ...(login && { login }) };
};

export function DeviceForm({ plantId, device }: { plantId: PlantId; device: Device | null }) {
  const { client, plantDetail } = useConsole();
  const saving = useAction();
  const form = useForm<Values>({
    initialValues: {
      host: device?.host ?? '',
      port: device?.port ?? 22,
      username: device?.username ?? 'root',
      loginKind: device?.authentication ?? 'password',
      password: '',
      privateKeyPem: '',
      directory: device?.directory ?? defaultDeviceDirectory,
    },
    validate: (values) => {
      const errors = validateWith(deviceInputSchema, inputOf)(values);
      if (loginOf(values) === null && values.loginKind !== device?.authentication) {
        errors[values.loginKind === 'password' ? 'password' : 'privateKeyPem'] = 'needed the first time';
      }
      return errors;
    },
  });
  const { loginKind } = form.values;
  const isStored = device?.authentication === loginKind;
  const save = async (values: Values) => {
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
          <Select
            label="Login with"
            data={[
              { value: 'password', label: 'Password' },
              { value: 'privateKey', label: 'Private key' },
              { value: 'agent', label: 'SSH agent of this machine' },
            ]}
            {...form.getInputProps('loginKind')}
          />
          {loginKind === 'password' && (
            <PasswordInput
              label="Password on the device"
              description={isStored ? 'Stored sealed in the vault; fill in to replace it' : undefined}
              autoComplete="off"
              {...form.getInputProps('password')}
            />
          )}
          {loginKind === 'privateKey' && (
            <Textarea
              label="Private key (PEM)"
              description={
                isStored ? 'Stored sealed in the vault; fill in to replace it' : 'Without a passphrase of its own'
              }
              size="md"
              rows={4}
              spellCheck={false}
              autoComplete="off"
              {...form.getInputProps('privateKeyPem')}
            />
          )}
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
