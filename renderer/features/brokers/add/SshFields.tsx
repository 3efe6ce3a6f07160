import { Group, SegmentedControl, Stack, Switch, TextInput } from '@mantine/core';
import { Fold } from '../../../ui/Fold.tsx';
import { NumberField } from '../../../ui/NumberField.tsx';
import { type AddBrokerForm, fieldOf, hasErrorAt } from './form.ts';

const plain = { size: 'md', spellCheck: false, autoComplete: 'off' } as const;
const port = { size: 'md', label: 'Port', hideControls: true, min: 1, max: 65535, w: 110 } as const;

/** A host that is reached over SSH. The login and the host's key come after it was added. */
export function SshFields({ form }: { form: AddBrokerForm }) {
  const { ssh, host } = form.values;
  const summary = `${ssh.configDirectory}${ssh.hasJump ? `, through ${ssh.jump.host || 'a jump host'}` : ''}`;
  return (
    <Stack>
      <Group align="flex-start" wrap="nowrap">
        <TextInput
          {...plain}
          flex={1}
          label="SSH address"
          placeholder={host || 'the same as above'}
          {...fieldOf(form, 'ssh.host', 'target.host')}
        />
        <NumberField {...port} {...fieldOf(form, 'ssh.port', 'target.port')} />
        <TextInput {...plain} label="User" {...fieldOf(form, 'ssh.username', 'target.username')} />
      </Group>
      <Switch
        size="md"
        label="This user becomes root with sudo"
        {...form.getInputProps('ssh.useSudo', { type: 'checkbox' })}
      />
      <div>
        <SegmentedControl
          fullWidth
          aria-label="How Mosquitto runs there"
          data={[
            { value: 'systemd', label: 'As a service' },
            { value: 'pidFile', label: 'By its pid file' },
            { value: 'container', label: 'In a container' },
          ]}
          {...form.getInputProps('ssh.control')}
        />
      </div>
      {ssh.control === 'systemd' && (
        <TextInput {...plain} label="Unit" {...fieldOf(form, 'ssh.unit', 'target.control.unit')} />
      )}
      {ssh.control === 'pidFile' && (
        <TextInput {...plain} label="Pid file" {...fieldOf(form, 'ssh.pidFile', 'target.control.path')} />
      )}
      {ssh.control === 'container' && (
        <Group align="flex-end" wrap="nowrap">
          <TextInput
            {...plain}
            flex={1}
            label="Name of the container"
            {...fieldOf(form, 'ssh.containerName', 'target.control.name')}
          />
          <SegmentedControl
            aria-label="What runs the container"
            data={[
              { value: 'docker', label: 'Docker' },
              { value: 'podman', label: 'Podman' },
            ]}
            {...form.getInputProps('ssh.runtime')}
          />
        </Group>
      )}
      <Fold
        title="Directory and jump host"
        summary={summary}
        isForced={hasErrorAt(form, 'target.configDirectory', 'target.jump')}
      >
        <TextInput
          {...plain}
          label="Directory of mosquitto.conf"
          description={ssh.control === 'container' ? 'Inside the container; mounted from the host' : undefined}
          {...fieldOf(form, 'ssh.configDirectory', 'target.configDirectory')}
        />
        <Switch size="md" label="Go through a jump host" {...form.getInputProps('ssh.hasJump', { type: 'checkbox' })} />
        {ssh.hasJump && (
          <Group align="flex-start" wrap="nowrap">
            <TextInput {...plain} flex={1} label="Jump host" {...fieldOf(form, 'ssh.jump.host', 'target.jump.host')} />
            <NumberField {...port} {...fieldOf(form, 'ssh.jump.port', 'target.jump.port')} />
            <TextInput {...plain} label="User" {...fieldOf(form, 'ssh.jump.username', 'target.jump.username')} />
          </Group>
        )}
      </Fold>
    </Stack>
  );
}
