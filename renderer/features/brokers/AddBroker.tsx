import { Radio, Stack, TagsInput, TextInput } from '@mantine/core';
import { useStore } from 'zustand';
import { type BrokerTarget, brokerInputSchema } from '../../../shared/model/broker.ts';
import { useConsole } from '../../app/console-context.tsx';
import { formErrors, toFailure } from '../../failure.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { FormEnd } from '../../ui/FormEnd.tsx';
import { useAction } from '../../ui/use-action.ts';
import { DockerFields } from './add/DockerFields.tsx';
import { useAddBrokerForm } from './add/form.ts';
import { ListenerFields } from './add/ListenerFields.tsx';
import { SshFields } from './add/SshFields.tsx';
import { type AddBrokerValues, inputOf } from './add/values.ts';

const kinds: readonly { value: BrokerTarget['kind']; label: string; description: string }[] = [
  {
    value: 'ssh',
    label: 'Mosquitto on another host',
    description: 'Reached over SSH: a service, a process or a container.',
  },
  { value: 'docker', label: 'Mosquitto in a container', description: 'On a Docker engine that this machine reaches.' },
  {
    value: 'process',
    label: 'Mosquitto on this machine',
    description: 'The console starts, reloads and stops a mosquitto that is installed here.',
  },
  {
    value: 'practice',
    label: 'Built-in practice broker',
    description: 'For trying things out: MQTT 3.1.1, reading the same files as Mosquitto.',
  },
];

/** Registers a broker; nothing happens on it before the first push. */
export function AddBroker({ onClose }: { onClose: () => void }) {
  const create = useStore(useConsole().brokers, (brokers) => brokers.create);
  const adding = useAction();
  const form = useAddBrokerForm();
  const { kind, profile } = form.values;
  const add = async (values: AddBrokerValues) => {
    try {
      await create(brokerInputSchema.parse(inputOf(values)));
      onClose();
    } catch (error) {
      form.setErrors(formErrors(toFailure(error)));
      throw error;
    }
  };
  const choose = (next: string) => {
    const known = kinds.find(({ value }) => value === next)?.value ?? kind;
    form.setFieldValue('kind', known);
    // The practice broker speaks the one profile only; what runs here is found under this machine's name.
    if (known === 'practice') form.setFieldValue('profile', 'voke');
    if ((known === 'process' || known === 'practice') && form.values.host === '')
      form.setFieldValue('host', 'localhost');
  };
  return (
    <Dialog onClose={onClose} title="Add broker" size={680}>
      <form autoComplete="off" onSubmit={form.onSubmit((values) => void adding.run(() => add(values)))}>
        <Stack>
          <TextInput label="Name" required data-autofocus {...form.getInputProps('name')} />
          <Radio.Group size="md" label="What runs it" value={kind} onChange={choose}>
            <Stack gap={10} mt={6}>
              {kinds.map((offered) => (
                <Radio key={offered.value} size="md" {...offered} />
              ))}
            </Stack>
          </Radio.Group>
          <TextInput
            label="Host"
            description={
              profile === 'voke'
                ? "The name or address that plants connect to; it is written into the broker's certificate"
                : 'The name or address that plants connect to'
            }
            required
            spellCheck={false}
            {...form.getInputProps('host')}
          />
          {kind === 'ssh' && <SshFields form={form} />}
          {kind === 'docker' && <DockerFields form={form} />}
          <ListenerFields form={form} />
          {profile === 'voke' && (
            <TagsInput
              size="md"
              label="Further names and addresses"
              description="subjectAltNames of the certificate; press Enter after each"
              {...form.getInputProps('subjectAltNames')}
              error={Object.entries(form.errors).find(([field]) => field.startsWith('subjectAltNames'))?.[1] ?? null}
            />
          )}
          <FormEnd action={adding} submit="Add broker" onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
