// What the guides offer in their steps, whatever they lead through.

import { Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { href } from '../../app/route.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { useAction } from '../../ui/use-action.ts';
import { GuideActions } from './GuideStep.tsx';

/** The way to where brokers are pushed. */
export function OpenBrokers() {
  return (
    <Button variant="filled" component="a" href={href('brokers')} leftSection={<IconSend size={18} aria-hidden />}>
      Open Broker
    </Button>
  );
}

/** The one thing that a step asks for, with what came in its way. */
export function ActButton({ act, children }: { act: () => Promise<void>; children: ReactNode }) {
  const acting = useAction();
  return (
    <>
      {acting.failure && <FailureNotice failure={acting.failure} />}
      <GuideActions>
        <Button variant="filled" loading={acting.isBusy} onClick={() => void acting.run(act)}>
          {children}
        </Button>
      </GuideActions>
    </>
  );
}

/** For what locks somebody out: `word` is typed, not only a button pressed. */
export function InsistButton({
  word,
  label,
  title,
  act,
  children,
}: {
  word: string;
  label: string;
  title: string;
  act: () => Promise<void>;
  children: ReactNode;
}) {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button onClick={() => setAsking(true)}>{label}</Button>
      {isAsking && (
        <ConfirmDialog title={title} word={word} action={label} onConfirm={act} onClose={() => setAsking(false)}>
          <div>{children}</div>
        </ConfirmDialog>
      )}
    </>
  );
}
