import { Button } from '@mantine/core';
import { IconArchive, IconCircleCheck, IconCirclePlus, IconRefresh } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { TokenKey, TokenKeyState } from '../../../shared/model/token-key.ts';
import { useConsole } from '../../app/console-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import type { StatusSign } from '../../ui/StatusBadge.tsx';
import { date } from '../../ui/time.ts';
import { RolloverGuide } from './RolloverGuide.tsx';
import { StateList, StateRow } from './StateList.tsx';
import { rolloverOf } from './token-rollover.ts';

const stateSigns: Record<TokenKeyState, StatusSign> = {
  trusted: { tone: 'working', icon: IconCirclePlus, word: 'Trusted' },
  active: { tone: 'normal', icon: IconCircleCheck, word: 'Signs' },
  retired: { tone: 'off', icon: IconArchive, word: 'Retired' },
};

/** The keys that sign tokens, and the way from one to the next without an outage. */
export function TokenKeysPanel() {
  const { authority, brokers, plants } = useConsole();
  const { tokenKeys, refreshTokenKeys, startTokenRollover } = useStore(authority);
  const known = useStore(authority, (store) => store.authority);
  const brokerList = useStore(brokers, (store) => store.list);
  const register = useStore(plants, (store) => store.register);
  const [isAsking, setAsking] = useState(false);
  // Pushes and new tokens move a change of the key on.
  useEffect(() => {
    if (known.status === 'ready' && brokerList.status === 'ready' && register.status === 'ready') {
      void refreshTokenKeys();
    }
  }, [known, brokerList, register, refreshTokenKeys]);
  const canStart = tokenKeys.status === 'ready' && rolloverOf(tokenKeys.value).stage === 'none';
  return (
    <Panel
      title="Token keys"
      actions={
        canStart && (
          <Button leftSection={<IconRefresh size={18} aria-hidden />} onClick={() => setAsking(true)}>
            Change the key
          </Button>
        )
      }
    >
      <SnapshotView snapshot={tokenKeys} onRetry={() => void refreshTokenKeys()}>
        {(keys) => (
          <>
            <RolloverGuide rollover={rolloverOf(keys)} />
            <StateList label="Token keys">
              {keys.map((key) => (
                <KeyRow key={key.keyId} tokenKey={key} />
              ))}
            </StateList>
          </>
        )}
      </SnapshotView>
      {isAsking && (
        <ConfirmDialog
          title="Change the token key"
          action="Make the next key"
          onConfirm={startTokenRollover}
          onClose={() => setAsking(false)}
        >
          <div>
            Makes the next key, trusted beside the one that signs now. Nothing changes for any plant. Three steps
            follow, and this screen leads through them: push it, sign with it, retire the old one.
          </div>
        </ConfirmDialog>
      )}
    </Panel>
  );
}

function KeyRow({ tokenKey: { keyId, state, createdAt, plantCount, brokersBehind } }: { tokenKey: TokenKey }) {
  const plants = plantCount === 1 ? '1 plant holds its tokens' : `${plantCount} plants hold its tokens`;
  return (
    <StateRow sign={stateSigns[state]} name={keyId} copy={<CopyButton text={keyId} what="key id" />}>
      since {date(createdAt)}
      {state !== 'retired' && ` · ${plants}`}
      {brokersBehind.length > 0 && ` · not told yet: ${brokersBehind.join(', ')}`}
    </StateRow>
  );
}
