import { Group, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useStore } from 'zustand';
import {
  isLoopbackAddress,
  type PolicyServiceSettings,
  policyServiceSettingsSchema,
} from '../../../../shared/model/policy-service.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { formErrors, toFailure } from '../../../failure.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { FormEnd } from '../../../ui/FormEnd.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { NumberField } from '../../../ui/NumberField.tsx';
import { PemField } from '../../../ui/PemField.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { validateWith } from '../../../ui/validate-with.ts';

const plain = { spellCheck: false, autoComplete: 'off' } as const;
const keyChoices = [
  { value: 'console', label: 'The token keys of this console' },
  { value: 'pem', label: 'A public key (PEM)' },
  { value: 'jwk-set', label: 'A JWK set' },
  { value: 'address', label: 'A JWK set, fetched from an address' },
] as const;

type Values = {
  readonly address: string;
  readonly port: number | string;
  readonly serverName: string;
  readonly cacheSeconds: number | string;
  readonly issuer: string;
  readonly audience: string;
  readonly kind: PolicyServiceSettings['keys']['kind'];
  readonly pem: string;
  readonly keySet: string;
  readonly url: string;
  readonly authorityPem: string;
};

const valuesOf = ({ keys, issuer, audience, ...rest }: PolicyServiceSettings): Values => ({
  ...rest,
  issuer: issuer ?? '',
  audience: audience ?? '',
  kind: keys.kind,
  pem: keys.kind === 'pem' ? keys.pem : '',
  keySet: keys.kind === 'jwk-set' ? keys.text : '',
  url: keys.kind === 'address' ? keys.url : '',
  authorityPem: keys.kind === 'address' ? (keys.authorityPem ?? '') : '',
});

function keysOf({ kind, pem, keySet, url, authorityPem }: Values) {
  switch (kind) {
    case 'console':
      return { kind };
    case 'pem':
      return { kind, pem };
    case 'jwk-set':
      return { kind, text: keySet };
    case 'address':
      return { kind, url, authorityPem: authorityPem.trim() || null };
  }
}

const settingsOf = (values: Values) => ({
  address: values.address.trim(),
  port: values.port,
  serverName: values.serverName.trim(),
  cacheSeconds: values.cacheSeconds,
  issuer: values.issuer.trim() || null,
  audience: values.audience.trim() || null,
  keys: keysOf(values),
});

export function ServiceSettings({ settings, onClose }: { settings: PolicyServiceSettings; onClose: () => void }) {
  const configureService = useStore(useConsole().policy, (store) => store.configureService);
  const saving = useAction();
  const form = useForm<Values>({
    initialValues: valuesOf(settings),
    validate: validateWith(policyServiceSettingsSchema, settingsOf),
  });
  const { kind, address } = form.values;
  const save = async (values: Values) => {
    try {
      await configureService(policyServiceSettingsSchema.parse(settingsOf(values)));
      onClose();
    } catch (error) {
      form.setErrors(formErrors(toFailure(error)));
      throw error;
    }
  };
  return (
    <Dialog onClose={onClose} title="Settings of the policy service" size="lg">
      <form onSubmit={form.onSubmit((values) => void saving.run(() => save(values)))}>
        <Stack>
          <Group align="flex-start" wrap="nowrap">
            <TextInput {...plain} flex={1} label="Listen on" {...form.getInputProps('address')} />
            <NumberField w={120} label="Port" {...form.getInputProps('port')} />
          </Group>
          {!isLoopbackAddress(address.trim()) && (
            <Notice tone="info">Beyond this machine it is served over TLS, with a certificate of the authority.</Notice>
          )}
          <TextInput
            {...plain}
            label="What brokers call this machine"
            description="The name in the certificate"
            {...form.getInputProps('serverName')}
          />
          <NumberField
            label="Reuse a decision for (seconds)"
            description="Never longer than its token lives; new rules count at once"
            {...form.getInputProps('cacheSeconds')}
          />
          <Select label="Tokens are checked by" data={[...keyChoices]} {...form.getInputProps('kind')} />
          {kind === 'pem' && (
            <PemField
              label="Public key"
              value={form.values.pem}
              error={form.errors['keys.pem']}
              onChange={(pem) => form.setFieldValue('pem', pem)}
            />
          )}
          {kind === 'jwk-set' && (
            <Textarea
              {...plain}
              size="md"
              rows={5}
              label="JWK set"
              classNames={{ input: 'mono' }}
              {...form.getInputProps('keySet')}
              error={form.errors['keys.text']}
            />
          )}
          {kind === 'address' && (
            <>
              <TextInput
                {...plain}
                label="Address"
                placeholder="https://"
                {...form.getInputProps('url')}
                error={form.errors['keys.url']}
              />
              <PemField
                label="Certificate of its authority"
                description="Left empty: those that this system trusts"
                value={form.values.authorityPem}
                error={form.errors['keys.authorityPem']}
                onChange={(pem) => form.setFieldValue('authorityPem', pem)}
              />
            </>
          )}
          <TextInput {...plain} label="Issuer" description="Left empty: any" {...form.getInputProps('issuer')} />
          <TextInput {...plain} label="Audience" description="Left empty: any" {...form.getInputProps('audience')} />
          <FormEnd action={saving} submit="Save" onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
