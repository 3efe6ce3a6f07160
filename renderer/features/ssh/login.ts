import type { DeviceLogin } from '../../../shared/model/device.ts';

/** What a login is entered with: one field for each kind, so that changing the kind and back loses nothing. */
export type LoginValues = { kind: DeviceLogin['kind']; password: string; privateKeyPem: string; passphrase: string };

export const emptyLogin = (kind: DeviceLogin['kind'] = 'password'): LoginValues => ({
  kind,
  password: '',
  privateKeyPem: '',
  passphrase: '',
});

/** The login as the contract takes it; an empty secret is left for its schema to refuse. */
export function loginOf({ kind, password, privateKeyPem, passphrase }: LoginValues): DeviceLogin {
  switch (kind) {
    case 'agent':
      return { kind };
    case 'password':
      return { kind, password };
    case 'privateKey':
      // A key that was pasted often lacks the end of its last line, without which OpenSSH's format cannot be read.
      return {
        kind,
        privateKeyPem: privateKeyPem.trim() && `${privateKeyPem.trim()}\n`,
        ...(passphrase && { passphrase }),
      };
  }
}

/** Whether a secret was entered; the agent needs none. */
export const hasSecret = (values: LoginValues): boolean =>
  values.kind === 'agent' || Boolean(values.kind === 'password' ? values.password : values.privateKeyPem.trim());
