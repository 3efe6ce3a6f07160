// What a login over SSH is entered with. It goes to the core and never comes back.

import { PasswordInput, Select } from '@mantine/core';
import type { useForm } from '@mantine/form';
import { PemField } from '../../ui/PemField.tsx';
import type { LoginValues } from './login.ts';

type FieldProps = ReturnType<ReturnType<typeof useForm<LoginValues>>['getInputProps']>;

/** `field` gives a form's props for one of the values; `owner` says whose password it is, such as `on the device`. */
export function LoginFields({
  kind,
  field,
  label = 'Login with',
  owner,
  isStored = false,
}: {
  kind: LoginValues['kind'];
  field: (name: keyof LoginValues) => FieldProps;
  label?: string;
  owner: string;
  isStored?: boolean;
}) {
  const kept = 'Stored sealed in the vault; fill in to replace it';
  const { value, onChange, error } = field('privateKeyPem');
  return (
    <>
      <Select
        label={label}
        data={[
          { value: 'password', label: 'Password' },
          { value: 'privateKey', label: 'Private key' },
          { value: 'agent', label: 'SSH agent of this machine' },
        ]}
        {...field('kind')}
      />
      {kind === 'password' && (
        <PasswordInput
          label={`Password ${owner}`}
          description={isStored ? kept : undefined}
          autoComplete="off"
          {...field('password')}
        />
      )}
      {kind === 'privateKey' && (
        <>
          <PemField
            label={`Private key ${owner}`}
            description={isStored ? kept : 'OpenSSH or PEM'}
            value={value}
            onChange={onChange}
            error={error}
          />
          <PasswordInput
            label="Passphrase of the key"
            description="Left empty: the key is under none"
            autoComplete="off"
            {...field('passphrase')}
          />
        </>
      )}
    </>
  );
}
