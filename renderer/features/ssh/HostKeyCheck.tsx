// Pinning a host in two phases: first what it shows now, with nothing sent to it; then the operator's comparison.

import { Button, Group, Stack } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { HostKey } from '../../../shared/model/device.ts';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { useAction } from '../../ui/use-action.ts';
import classes from './HostKeyCheck.module.css';

/**
 * `pinned`: the confirmed fingerprint. `who`: what shows the key, such as `The device`. `howToCompare`: where the
 * operator finds the fingerprint otherwise.
 */
export function HostKeyCheck({
  pinned,
  who,
  howToCompare,
  fetchKey,
  confirmKey,
}: {
  pinned: string | null;
  who: string;
  howToCompare: ReactNode;
  fetchKey: () => Promise<HostKey>;
  confirmKey: (fingerprint: string) => Promise<unknown>;
}) {
  const [fetched, setFetched] = useState<HostKey | null>(null);
  const fetching = useAction();
  const confirming = useAction();
  const fetchIt = async () => {
    setFetched(null);
    confirming.clear();
    setFetched(await fetchKey());
  };
  const confirmIt = async (fingerprint: string) => {
    await confirmKey(fingerprint);
    setFetched(null);
  };
  const isSame = fetched?.fingerprint === pinned;
  const isChanged = fetched !== null && pinned !== null && !isSame;
  return (
    <Stack>
      {pinned && !isChanged && <Fingerprint value={pinned} prefix="SHA256:" what="confirmed host key" />}
      {fetched && isSame && <Notice tone="info">{who} shows this same key now.</Notice>}
      {fetched && isChanged && (
        <>
          <Notice tone="fault">
            <strong>{who} shows another key than the one confirmed.</strong> It may have been replaced or newly
            installed, or something else answers at its address. Find out which before you confirm.
          </Notice>
          <div className={classes.sides}>
            <section className={classes.side} aria-label="Confirmed before">
              <h4 className={classes.name}>Confirmed before</h4>
              <Fingerprint value={pinned} prefix="SHA256:" what="confirmed host key" />
            </section>
            <section className={classes.side} data-changed aria-label="Shown now">
              <h4 className={classes.name}>Shown now ({fetched.algorithm})</h4>
              <Fingerprint value={fetched.fingerprint} prefix="SHA256:" what="host key" />
            </section>
          </div>
        </>
      )}
      {fetched && pinned === null && (
        <section className={classes.side} aria-label="Shown now">
          <h4 className={classes.name}>
            {who} shows this {fetched.algorithm} key
          </h4>
          <Fingerprint value={fetched.fingerprint} prefix="SHA256:" what="host key" />
        </section>
      )}
      {fetched && !isSame && (
        <>
          <div>{howToCompare}</div>
          <Group justify="flex-end">
            <Button onClick={() => setFetched(null)}>It differs</Button>
            <Button
              variant="filled"
              {...(isChanged && { color: 'red' })}
              loading={confirming.isBusy}
              onClick={() => void confirming.run(() => confirmIt(fetched.fingerprint))}
            >
              {isChanged ? 'The new key is right: confirm' : 'It is the same: confirm'}
            </Button>
          </Group>
        </>
      )}
      {fetching.failure && <FailureNotice failure={fetching.failure} />}
      {confirming.failure && <FailureNotice failure={confirming.failure} />}
      {(!fetched || isSame) && (
        <Group>
          <Button
            variant={pinned ? 'default' : 'filled'}
            leftSection={<IconFingerprint size={20} aria-hidden />}
            loading={fetching.isBusy}
            onClick={() => void fetching.run(fetchIt)}
          >
            {pinned ? 'Look again' : 'Fetch the host key'}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
