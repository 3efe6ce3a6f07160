import { Button, PasswordInput, Stack } from '@mantine/core';
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { useAction } from '../../ui/use-action.ts';
import { Gate } from './Gate.tsx';
import { RestoreVault } from './RestoreVault.tsx';

/** The passphrase opens the vault. After wrong ones the core answers ever later; the button says that it is working. */
export function UnlockVault() {
  const unlock = useStore(useConsole().vault, (vault) => vault.unlock);
  const unlocking = useAction();
  const [passphrase, setPassphrase] = useState('');
  const [isRestoring, setRestoring] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  if (isRestoring) return <RestoreVault onCancel={() => setRestoring(false)} />;
  const isWrong = unlocking.failure?.code === 'vault/wrong-passphrase';
  const submit = async () => {
    if (await unlocking.run(() => unlock(passphrase))) return;
    input.current?.focus();
    input.current?.select();
  };
  return (
    <Gate title="Unlock the vault" about="Everything in it stays sealed until then.">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (passphrase) void submit();
        }}
      >
        <Stack>
          <PasswordInput
            ref={input}
            label="Passphrase"
            autoComplete="current-password"
            autoFocus
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            error={isWrong && unlocking.failure?.sentence}
          />
          {unlocking.failure && !isWrong && <FailureNotice failure={unlocking.failure} />}
          <Button type="submit" variant="filled" fullWidth disabled={!passphrase || unlocking.isBusy}>
            {unlocking.isBusy ? 'Opening… this takes longer after wrong attempts' : 'Unlock'}
          </Button>
          <Button variant="subtle" onClick={() => setRestoring(true)} disabled={unlocking.isBusy}>
            Restore a backup instead
          </Button>
        </Stack>
      </form>
    </Gate>
  );
}
