import { Center, Loader } from '@mantine/core';
import { useStore } from 'zustand';
import { CreateVault } from '../features/vault/CreateVault.tsx';
import { Gate } from '../features/vault/Gate.tsx';
import { UnlockVault } from '../features/vault/UnlockVault.tsx';
import { FailureNotice } from '../ui/Notice.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { useConsole } from './console-context.tsx';
import { Shell } from './Shell.tsx';

/** The window: the gate until the vault is open, then the shell. */
export function App() {
  return (
    <>
      <ConnectionBanner />
      <VaultDoor />
    </>
  );
}

function VaultDoor() {
  const { vault, refresh } = useStore(useConsole().vault);
  if (vault.status === 'waiting') {
    return (
      <Center h="100%">
        <Loader aria-label="Loading" />
      </Center>
    );
  }
  if (vault.status === 'failed') {
    return (
      <Gate title="The vault cannot be opened">
        <FailureNotice failure={vault.failure} onRetry={() => void refresh()} />
      </Gate>
    );
  }
  switch (vault.value) {
    case 'absent':
      return <CreateVault />;
    case 'locked':
      return <UnlockVault />;
    case 'unlocked':
      return <Shell />;
  }
}
