// What the host of a broker is logged in to with. It goes to the core, which keeps it sealed, and leaves this form then.

import { Button, Group, PasswordInput, Stack, Switch } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { SshTargetSettings } from '../../../../shared/model/broker.ts';
import { sshTargetSecretSchema } from '../../../../shared/model/broker-login.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { formErrors, toFailure } from '../../../failure.ts';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { validateWith } from '../../../ui/validate-with.ts';
import { LoginFields } from '../../ssh/LoginFields.tsx';
import { emptyLogin, type LoginValues, loginOf } from '../../ssh/login.ts';

type Values = { login: LoginValues; sudoPassword: string; hasOwnJumpLogin: boolean; jumpLogin: LoginValues };

const inputOf = ({ login, sudoPassword, hasOwnJumpLogin, jumpLogin }: Values) => ({
  login: loginOf(login),
  ...(sudoPassword && { sudoPassword }),
  ...(hasOwnJumpLogin && { jumpLogin: loginOf(jumpLogin) }),
});

const nothingEntered = (): Values => ({
  login: emptyLogin(),
  sudoPassword: '',
  hasOwnJumpLogin: false,
  jumpLogin: emptyLogin(),
});

export function SshLogin({
  brokerId,
  target,
  onStored,
}: {
  brokerId: string;
  target: SshTargetSettings;
  onStored: () => void;
}) {
  const { client, brokers } = useConsole();
  const storing = useAction();
  const form = useForm<Values>({
    initialValues: nothingEntered(),
    validate: validateWith(sshTargetSecretSchema, inputOf),
  });
  const { login, hasOwnJumpLogin, jumpLogin } = form.values;
  const store = async (values: Values) => {
    try {
      await client.brokers.setLogin({ brokerId, secret: sshTargetSecretSchema.parse(inputOf(values)) });
    } catch (error) {
      form.setErrors(formErrors(toFailure(error), 'secret.'));
      throw error;
    }
    form.setValues(nothingEntered());
    await brokers.getState().refresh();
    onStored();
  };
  return (
    <form autoComplete="off" onSubmit={form.onSubmit((values) => void storing.run(() => store(values)))}>
      <Stack>
        <LoginFields
          kind={login.kind}
          field={(name) => form.getInputProps(`login.${name}`)}
          label={`Log in as ${target.username} with`}
          owner={`of ${target.username}`}
        />
        {target.useSudo && (
          <PasswordInput
            label="Password for sudo"
            description={
              login.kind === 'password'
                ? 'Left empty: the same password'
                : 'Left empty: sudo asks this user for no password'
            }
            autoComplete="off"
            {...form.getInputProps('sudoPassword')}
          />
        )}
        {target.jump && (
          <Switch
            size="md"
            label={`The jump host takes another login for ${target.jump.username}`}
            {...form.getInputProps('hasOwnJumpLogin', { type: 'checkbox' })}
          />
        )}
        {target.jump && hasOwnJumpLogin && (
          <LoginFields
            kind={jumpLogin.kind}
            field={(name) => form.getInputProps(`jumpLogin.${name}`)}
            label={`Log in to the jump host as ${target.jump.username} with`}
            owner={`of ${target.jump.username} on the jump host`}
          />
        )}
        {storing.failure && <FailureNotice failure={storing.failure} />}
        <Group justify="flex-end">
          <Button type="submit" variant="filled" loading={storing.isBusy}>
            Store login
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
