import { PasswordInput, Radio, Select, Stack, Switch, TextInput } from '@mantine/core';
import { Fold } from '../../ui/Fold.tsx';
import { PemField } from '../../ui/PemField.tsx';
import type { ConnectionForm } from './connection-form.ts';
import classes from './Doctor.module.css';

/** What a client is configured with: as little as it takes at first, the rest behind lines. */
export function ConnectionFields({ form }: { form: ConnectionForm }) {
  const { useTls, certificatePem, keyPem, serverName, clientId, reads, writes } = form.values;
  const hasError = (...names: readonly string[]) => names.some((name) => form.errors[name] !== undefined);
  return (
    <>
      <div className={classes.address}>
        <TextInput label="Host" required spellCheck={false} {...form.getInputProps('host')} />
        <TextInput label="Port" required inputMode="numeric" {...form.getInputProps('port')} />
        <div className={classes.tls}>
          <Switch size="md" label="TLS" {...form.getInputProps('useTls', { type: 'checkbox' })} />
        </div>
      </div>
      <div className={classes.row}>
        <TextInput
          label="User name"
          description="None with a certificate"
          spellCheck={false}
          autoComplete="off"
          {...form.getInputProps('username')}
        />
        <PasswordInput
          label="Password or token"
          description="Used for this examination only, kept nowhere"
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          {...form.getInputProps('password')}
        />
      </div>
      {useTls && (
        <Fold
          title="Certificates"
          summary={certificatePem || keyPem ? 'the client shows one' : 'the client shows none'}
          isForced={hasError('certificatePem', 'keyPem', 'authorityPem', 'serverName')}
        >
          <Trust form={form} />
          <div className={classes.row}>
            <PemField label="Client certificate" {...pemProps(form, 'certificatePem')} />
            <PemField label="Client key" {...pemProps(form, 'keyPem')} />
          </div>
          <TextInput
            label="Name of the broker"
            description="What its certificate must hold, where that is not the host above"
            spellCheck={false}
            {...form.getInputProps('serverName')}
          />
        </Fold>
      )}
      <Fold
        title="Topics and protocol"
        summary={[clientId && `client id ${clientId}`, reads, writes, serverName].filter(Boolean).join(', ') || 'none'}
        isForced={hasError('reads', 'writes', 'clientId', 'payloadBytes')}
      >
        <div className={classes.row}>
          <TextInput
            label="Topic that it reads"
            placeholder="cpi/{plant id}/command"
            spellCheck={false}
            {...form.getInputProps('reads')}
          />
          <TextInput
            label="Topic that it writes"
            placeholder="cpi/{plant id}/ack"
            spellCheck={false}
            {...form.getInputProps('writes')}
          />
        </div>
        <div className={classes.row}>
          <TextInput
            label="Client id"
            description="Empty: one that ends no session"
            spellCheck={false}
            {...form.getInputProps('clientId')}
          />
          <TextInput
            label="Size of the test message"
            description="In bytes"
            inputMode="numeric"
            {...form.getInputProps('payloadBytes')}
          />
          <Select
            label="Version of MQTT"
            description="5 falls back to 3.1.1"
            data={[
              { value: '5', label: 'MQTT 5' },
              { value: '4', label: 'MQTT 3.1.1' },
            ]}
            {...form.getInputProps('protocolVersion')}
          />
        </div>
      </Fold>
    </>
  );
}

function Trust({ form }: { form: ConnectionForm }) {
  return (
    <>
      <Radio.Group size="md" label="What the client trusts" {...form.getInputProps('trust')}>
        <Stack gap={10} mt={6}>
          <Radio size="md" value="known" label="The authority of this console, as plants shall now" />
          <Radio size="md" value="own" label="A CA file of its own, such as the one on the device" />
          <Radio size="md" value="none" label="Nothing: it was given no CA file" />
        </Stack>
      </Radio.Group>
      {form.values.trust === 'own' && <PemField label="CA file" {...pemProps(form, 'authorityPem')} />}
    </>
  );
}

const pemProps = (form: ConnectionForm, name: 'authorityPem' | 'certificatePem' | 'keyPem') => ({
  value: form.values[name],
  error: form.errors[name],
  onChange: (pem: string) => form.setFieldValue(name, pem),
});
