import { Button } from '@mantine/core';
import { IconUrgent } from '@tabler/icons-react';
import { useState } from 'react';
import type { Failure } from '../../../failure.ts';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { StartRollover } from './StartRollover.tsx';

/** What is left to do where the authority is not in the vault any more: its certificate is gone with its key. */
export function LostAuthority({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <Panel
      title="Change of authority"
      actions={
        <Button
          variant="outline"
          color="red"
          leftSection={<IconUrgent size={18} aria-hidden />}
          onClick={() => setAsking(true)}
        >
          The key is lost or stolen
        </Button>
      }
    >
      <FailureNotice failure={failure} onRetry={onRetry} />
      {isAsking && <StartRollover present={null} emergency hasKey={false} onClose={() => setAsking(false)} />}
    </Panel>
  );
}
