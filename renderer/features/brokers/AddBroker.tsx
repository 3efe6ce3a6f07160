import { Button, Group, Modal, NumberInput, Radio, SegmentedControl, Stack, TagsInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useStore } from 'zustand';
import { type BrokerTarget, brokerInputSchema, localPorts, productionPorts } from '../../../shared/model/broker.ts';
import { useConsole } from '../../app/console-context.tsx';
import { formErrors, toFailure } from '../../failure.ts';
import { FailureNotice } from '../../ui/Notice.tsx';
import { useAction } from '../../ui/use-action.ts';
import { validateWith } from '../../ui/validate-with.ts';

type Values = {
  name: string;
  kind: BrokerTarget['kind'];
  host: string;
  subjectAltNames: string[];
  ports: { mtls: number | string; password: number | string; token: number | string };
};

const inputOf = ({ kind, ...rest }: Values) => ({ ...rest, target: { kind } });

const presets = { production: productionPorts, local: localPorts } as const;

const presetOf = (ports: Values['ports']): string =>
  (['production', 'local'] as const).find(
    (preset) =>
      presets[preset].mtls === ports.mtls &&
      presets[preset].password === ports.password &&
      presets[preset].token === ports.token,
  ) ?? 'own';

/** Registers a broker; nothing happens on it before the first push. */
export function AddBroker({ onClose }: { onClose: () => void }) {
  const create = useStore(useConsole().brokers, (brokers) => brokers.create);
  const adding = useAction();
  const form = useForm<Values>({
    initialValues: { name: '', kind: 'process', host: 'localhost', subjectAltNames: [], ports: { ...localPorts } },
    validate: validateWith(brokerInputSchema, inputOf),
  });
  const add = async (values: Values) => {
    try {
      await create(brokerInputSchema.parse(inputOf(values)));
      onClose();
    } catch (error) {
      form.setErrors(formErrors(toFailure(error)));
      throw error;
    }
  };
  const port = (listener: keyof Values['ports'], label: string) => (
    <NumberInput
      label={label}
      size="md"
      hideControls
      min={1}
      max={65535}
      {...form.getInputProps(`ports.${listener}`)}
    />
  );
  return (
    <Modal opened onClose={onClose} title="Add broker" size={620}>
      <form onSubmit={form.onSubmit((values) => void adding.run(() => add(values)))}>
        <Stack>
          <TextInput label="Name" required data-autofocus {...form.getInputProps('name')} />
          <Radio.Group size="md" label="What runs it" {...form.getInputProps('kind')}>
            <Stack gap={10} mt={6}>
              <Radio
                size="md"
                value="process"
                label="Mosquitto on this machine"
                description="The console starts, reloads and stops a mosquitto that is installed here."
              />
              <Radio
                size="md"
                value="practice"
                label="Built-in practice broker"
                description="For trying things out: MQTT 3.1.1, reading the same files as Mosquitto."
              />
            </Stack>
          </Radio.Group>
          <TextInput
            label="Host"
            description="The name or address that plants connect to; it is written into the broker's certificate"
            required
            spellCheck={false}
            {...form.getInputProps('host')}
          />
          <TagsInput
            size="md"
            label="Further names and addresses"
            description="subjectAltNames of the certificate; press Enter after each"
            {...form.getInputProps('subjectAltNames')}
            error={Object.entries(form.errors).find(([field]) => field.startsWith('subjectAltNames'))?.[1] ?? null}
          />
          <div>
            <SegmentedControl
              fullWidth
              aria-label="Port preset"
              value={presetOf(form.values.ports)}
              onChange={(value) => {
                if (value === 'production' || value === 'local') form.setFieldValue('ports', { ...presets[value] });
              }}
              data={[
                { value: 'local', label: 'Local ports' },
                { value: 'production', label: 'Production ports' },
                { value: 'own', label: 'Own ports', disabled: presetOf(form.values.ports) !== 'own' },
              ]}
            />
            <Group grow mt={10} align="flex-start">
              {port('mtls', 'Certificate (mTLS)')}
              {port('password', 'Password')}
              {port('token', 'Token')}
            </Group>
          </div>
          {adding.failure && <FailureNotice failure={adding.failure} />}
          <Group justify="flex-end">
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="filled" loading={adding.isBusy}>
              Add broker
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
