// What most devices do without: another transport, other rights, a host on the way, outdated algorithms.

import { Group, PasswordInput, SegmentedControl, Switch, TextInput } from '@mantine/core';
import type { Device } from '../../../../shared/model/device.ts';
import { legacyAlgorithms } from '../../../../shared/model/legacy-algorithms.ts';
import { Fold } from '../../../ui/Fold.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { NumberField } from '../../../ui/NumberField.tsx';
import { LoginFields } from '../../ssh/LoginFields.tsx';
import type { DeviceForm } from './use-device-form.ts';

const plain = { spellCheck: false, autoComplete: 'off' } as const;
const fields = ['transport', 'rights', 'rightsPassword', 'owner', 'restartCommand', 'jump', 'jumpLogin'];

const transportWords = {
  shell: 'One script over the connection. Whole or not at all, whatever happens.',
  sftp: 'For devices without a shell. Files are replaced one by one: a cut among them is mended at the next look.',
  scp: 'The files travel by scp; a script then replaces the old ones as with the shell.',
} as const;

/** Each weakening once, with the algorithms that have it. */
const weakenings = Map.groupBy(Object.values(legacyAlgorithms).flat(), ({ weakens }) => weakens);

export function AdvancedSettings({ form, device }: { form: DeviceForm; device: Device | null }) {
  const { transport, rights, hasJump, hasOwnJumpLogin, jumpLogin, allowsLegacyAlgorithms, jump } = form.values;
  const summary = [
    transport,
    ...(rights === 'login' ? [] : [rights]),
    ...(hasJump ? [`through ${jump.host || 'a jump host'}`] : []),
    ...(allowsLegacyAlgorithms ? ['outdated algorithms'] : []),
  ].join(', ');
  const hasError = Object.keys(form.errors).some((path) => fields.some((field) => path.split('.')[0] === field));
  return (
    <Fold title="Advanced" summary={summary} isForced={hasError}>
      <div>
        <SegmentedControl
          fullWidth
          aria-label="How files come there"
          data={[
            { value: 'shell', label: 'Shell' },
            { value: 'sftp', label: 'SFTP' },
            { value: 'scp', label: 'scp' },
          ]}
          {...form.getInputProps('transport')}
        />
        <div>{transportWords[transport]}</div>
      </div>
      {transport === 'shell' && (
        <SegmentedControl
          fullWidth
          aria-label="Rights on the device"
          data={[
            { value: 'login', label: "The login's own" },
            { value: 'sudo', label: 'root by sudo' },
            { value: 'doas', label: 'root by doas' },
          ]}
          {...form.getInputProps('rights')}
        />
      )}
      {transport === 'shell' && rights === 'sudo' && (
        <PasswordInput
          label="Password for sudo"
          description={
            device?.hasRightsPassword
              ? 'Stored sealed in the vault; fill in to replace it'
              : 'Left empty: the password of the login, or none'
          }
          autoComplete="off"
          {...form.getInputProps('rightsPassword')}
        />
      )}
      <TextInput
        {...plain}
        label="Owner of the files"
        description={
          transport === 'sftp'
            ? 'Numbers of user and group of the MQTT client, such as 1000:1000. Left empty: the login'
            : 'User of the MQTT client, or user:group. Left empty: the login'
        }
        {...form.getInputProps('owner')}
      />
      {transport !== 'sftp' && (
        <TextInput
          {...plain}
          label="Command that restarts the MQTT client"
          description="Run on the device after an installation, such as systemctl restart mqtt-client"
          {...form.getInputProps('restartCommand')}
        />
      )}
      <Switch size="md" label="Go through a jump host" {...form.getInputProps('hasJump', { type: 'checkbox' })} />
      {hasJump && (
        <>
          <Group align="flex-start" wrap="nowrap">
            <TextInput {...plain} flex={1} label="Jump host" {...form.getInputProps('jump.host')} />
            <NumberField label="Jump port" min={1} max={65535} w={110} {...form.getInputProps('jump.port')} />
            <TextInput {...plain} label="Jump user" {...form.getInputProps('jump.username')} />
          </Group>
          <Switch
            size="md"
            label="The jump host takes another login"
            {...form.getInputProps('hasOwnJumpLogin', { type: 'checkbox' })}
          />
          {hasOwnJumpLogin && (
            <LoginFields
              kind={jumpLogin.kind}
              field={(name) => form.getInputProps(`jumpLogin.${name}`)}
              label="Log in to the jump host with"
              owner="on the jump host"
              isStored={device?.jumpAuthentication === jumpLogin.kind}
            />
          )}
        </>
      )}
      <Switch
        size="md"
        label="Allow outdated algorithms"
        description="For devices that offer nothing else; the connection says so when it is needed"
        {...form.getInputProps('allowsLegacyAlgorithms', { type: 'checkbox' })}
      />
      {allowsLegacyAlgorithms && (
        <Notice tone="attention">
          This weakens the connection to this device:
          <ul>
            {[...weakenings].map(([weakens, algorithms]) => (
              <li key={weakens}>
                <span className="mono">{algorithms.map(({ name }) => name).join(', ')}</span>: {weakens}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </Fold>
  );
}
