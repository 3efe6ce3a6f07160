import { Button, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useStore } from 'zustand';
import { minPassphraseLength } from '../../../shared/model/vault.ts';
import { useConsole } from '../../app/console-context.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { useAction } from '../../ui/use-action.ts';
import classes from './Gate.module.css';
import { Gate } from './Gate.tsx';
import { passphraseStrength } from './passphrase-strength.ts';
import { RestoreVault } from './RestoreVault.tsx';

/** First start: a passphrase, typed twice, makes the vault. */
export function CreateVault() {
  const create = useStore(useConsole().vault, (vault) => vault.create);
  const [isRestoring, setRestoring] = useState(false);
  const creating = useAction();
  const form = useForm({
    initialValues: { passphrase: '', repeated: '' },
    validate: {
      passphrase: (value) =>
        value.length < minPassphraseLength ? `Use at least ${minPassphraseLength} characters.` : null,
      repeated: (value, { passphrase }) => (value === passphrase ? null : 'The two passphrases differ.'),
    },
  });
  if (isRestoring) return <RestoreVault onCancel={() => setRestoring(false)} />;
  const strength = passphraseStrength(form.values.passphrase);
  return (
    <Gate
      title="Create the vault"
      about="The vault is one file on this machine. It holds your certificate authority and your register of plants, sealed with a passphrase that nobody can recover for you."
    >
      <form onSubmit={form.onSubmit(({ passphrase }) => void creating.run(() => create(passphrase)))}>
        <Stack>
          <div>
            <PasswordInput
              label="Passphrase"
              description={`At least ${minPassphraseLength} characters; several unrelated words are best`}
              autoComplete="new-password"
              data-autofocus
              autoFocus
              aria-describedby="strength"
              {...form.getInputProps('passphrase')}
            />
            {form.values.passphrase && (
              <>
                <div className={classes.strength} aria-hidden>
                  {[1, 2, 3].map((level) => (
                    <span key={level} data-on={strength.level >= level || undefined} />
                  ))}
                </div>
                <p id="strength" className={classes.strengthWord} aria-live="polite">
                  {strength.words}
                </p>
              </>
            )}
          </div>
          <PasswordInput label="Passphrase again" autoComplete="new-password" {...form.getInputProps('repeated')} />
          {creating.failure && <FailureNotice failure={creating.failure} />}
          <Button type="submit" variant="filled" loading={creating.isBusy} fullWidth>
            Create vault
          </Button>
          <Button variant="subtle" onClick={() => setRestoring(true)} disabled={creating.isBusy}>
            I have a backup: restore it
          </Button>
        </Stack>
      </form>
    </Gate>
  );
}
