import { Group, SegmentedControl, Stack, Switch, TextInput } from '@mantine/core';
import { Fold } from '../../../ui/Fold.tsx';
import { NumberField } from '../../../ui/NumberField.tsx';
import { type AddBrokerForm, fieldOf, hasErrorAt } from './form.ts';

const plain = { size: 'md', spellCheck: false, autoComplete: 'off' } as const;

/** A container on a Docker engine. What an engine on TCP is reached with comes after it was added. */
export function DockerFields({ form }: { form: AddBrokerForm }) {
  const { docker } = form.values;
  return (
    <Stack>
      <Group align="flex-end" wrap="nowrap">
        <SegmentedControl
          aria-label="How the container is found"
          data={[
            { value: 'name', label: 'By name' },
            { value: 'label', label: 'By label' },
          ]}
          {...form.getInputProps('docker.by')}
        />
        {docker.by === 'name' ? (
          <TextInput
            {...plain}
            flex={1}
            label="Name of the container"
            {...fieldOf(form, 'docker.containerName', 'target.container.name')}
          />
        ) : (
          <TextInput
            {...plain}
            flex={1}
            label="Label of the container"
            placeholder="name or name=value"
            {...fieldOf(form, 'docker.label', 'target.container.label')}
          />
        )}
      </Group>
      <Switch
        size="md"
        label="Make the container when there is none"
        {...form.getInputProps('docker.isCreated', { type: 'checkbox' })}
      />
      {docker.isCreated && (
        <Group align="flex-end" wrap="nowrap">
          <TextInput
            {...plain}
            flex={1}
            label="Image"
            description="Must be on the engine: nothing is fetched from the internet"
            {...fieldOf(form, 'docker.image', 'target.create.image')}
          />
          <SegmentedControl
            aria-label="Network of the container"
            data={[
              { value: 'published', label: 'Published ports' },
              { value: 'host', label: "Host's network" },
            ]}
            {...form.getInputProps('docker.network')}
          />
        </Group>
      )}
      <Fold
        title="Engine and directory"
        summary={engineSummary(docker)}
        isForced={hasErrorAt(form, 'target.engine', 'target.configDirectory')}
      >
        <SegmentedControl
          fullWidth
          aria-label="How the Docker engine is reached"
          data={[
            { value: 'socket', label: 'Unix socket' },
            { value: 'tcp', label: 'TCP with TLS' },
            { value: 'namedPipe', label: 'Windows pipe' },
          ]}
          {...form.getInputProps('docker.engine')}
        />
        {docker.engine === 'socket' && (
          <TextInput {...plain} label="Socket" {...fieldOf(form, 'docker.socketPath', 'target.engine.path')} />
        )}
        {docker.engine === 'namedPipe' && (
          <TextInput {...plain} label="Pipe" {...fieldOf(form, 'docker.pipe', 'target.engine.path')} />
        )}
        {docker.engine === 'tcp' && (
          <Group align="flex-start" wrap="nowrap">
            <TextInput
              {...plain}
              flex={1}
              label="Address of the engine"
              {...fieldOf(form, 'docker.host', 'target.engine.host')}
            />
            <NumberField
              label="Port"
              min={1}
              max={65535}
              w={110}
              {...fieldOf(form, 'docker.port', 'target.engine.port')}
            />
          </Group>
        )}
        <TextInput
          {...plain}
          label="Directory of mosquitto.conf"
          description="Inside the container; must be a mounted directory"
          {...fieldOf(form, 'docker.configDirectory', 'target.configDirectory')}
        />
      </Fold>
    </Stack>
  );
}

function engineSummary({ engine, socketPath, pipe, host, port }: AddBrokerForm['values']['docker']): string {
  switch (engine) {
    case 'socket':
      return socketPath;
    case 'namedPipe':
      return pipe;
    case 'tcp':
      return `${host || 'address'}:${port}`;
  }
}
