import { Group, Radio, SegmentedControl, Stack } from '@mantine/core';
import { localPorts, productionPorts } from '../../../../shared/model/broker.ts';
import { NumberField } from '../../../ui/NumberField.tsx';
import { type AddBrokerForm, fieldOf } from './form.ts';
import type { AddBrokerValues } from './values.ts';

const presets = { production: productionPorts, local: localPorts } as const;

const presetOf = (ports: AddBrokerValues['voke']): string =>
  (['production', 'local'] as const).find(
    (preset) =>
      presets[preset].mtls === ports.mtls &&
      presets[preset].password === ports.password &&
      presets[preset].token === ports.token,
  ) ?? 'own';

/** What the broker is configured as, and the ports it listens on. */
export function ListenerFields({ form }: { form: AddBrokerForm }) {
  const { profile, kind, voke } = form.values;
  const port = (value: string, input: string, label: string) => (
    <NumberField label={label} min={1} max={65535} {...fieldOf(form, value, input)} />
  );
  return (
    <Stack>
      {kind !== 'practice' && (
        <Radio.Group size="md" label="Profile" {...form.getInputProps('profile')}>
          <Stack gap={10} mt={6}>
            <Radio
              size="md"
              value="voke"
              label="voke"
              description="Three TLS listeners: certificate, password and token. Each plant sees its own topics only."
            />
            <Radio
              size="md"
              value="plantops"
              label="plantops"
              description="MQTT and WebSockets with passwords, without TLS: for a network that nobody else is on."
            />
          </Stack>
        </Radio.Group>
      )}
      {profile === 'voke' ? (
        <div>
          <SegmentedControl
            fullWidth
            aria-label="Port preset"
            value={presetOf(voke)}
            onChange={(value) => {
              if (value === 'production' || value === 'local') form.setFieldValue('voke', { ...presets[value] });
            }}
            data={[
              { value: 'local', label: 'Local ports' },
              { value: 'production', label: 'Production ports' },
              { value: 'own', label: 'Own ports', disabled: presetOf(voke) !== 'own' },
            ]}
          />
          <Group grow mt={10} align="flex-start">
            {port('voke.mtls', 'ports.mtls', 'Certificate (mTLS)')}
            {port('voke.password', 'ports.password', 'Password')}
            {port('voke.token', 'ports.token', 'Token')}
          </Group>
        </div>
      ) : (
        <Group grow align="flex-start">
          {port('plantops.mqtt', 'ports.mqtt', 'MQTT')}
          {port('plantops.webSockets', 'ports.webSockets', 'WebSockets')}
        </Group>
      )}
    </Stack>
  );
}
