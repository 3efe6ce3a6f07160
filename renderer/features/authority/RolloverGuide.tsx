// The change of the token key, step by step: what is done, what is next and why, and what comes later.

import { Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import { href } from '../../app/route.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { useAction } from '../../ui/use-action.ts';
import { GuideActions, GuideStep, GuideSteps } from './GuideStep.tsx';
import type { AuthorityStore } from './store.ts';
import type { Rollover } from './token-rollover.ts';

const toBrokers = (
  <Button variant="filled" component="a" href={href('brokers')} leftSection={<IconSend size={18} aria-hidden />}>
    Open Broker
  </Button>
);

export function RolloverGuide({ rollover }: { rollover: Rollover }) {
  if (rollover.stage === 'none') {
    return rollover.untold.length > 0 ? (
      <Notice tone="attention" action={toBrokers}>
        <strong>One push is left:</strong> {rollover.untold.join(', ')} still accepts tokens by the retired key.
      </Notice>
    ) : null;
  }
  const order = ['trust', 'sign', 'retire'] as const;
  const at = order.indexOf(rollover.stage);
  const stateOf = (stage: (typeof order)[number]) => {
    const step = order.indexOf(stage);
    return step < at ? 'done' : step === at ? 'next' : 'later';
  };
  return (
    <GuideSteps label="Change of the token key">
      <GuideStep number={1} state={stateOf('trust')} title="Trust the new key">
        {rollover.stage === 'trust' ? (
          <TrustStep keyId={rollover.next.keyId} behind={rollover.next.brokersBehind} />
        ) : (
          'Every broker with a token listener accepts tokens by both keys.'
        )}
      </GuideStep>
      <GuideStep number={2} state={stateOf('sign')} title="Sign with the new key">
        {rollover.stage === 'sign' ? (
          <SignStep keyId={rollover.next.keyId} />
        ) : rollover.stage === 'trust' ? (
          'New tokens are by the new key; those by the old one stay good.'
        ) : (
          'New tokens are by the new key.'
        )}
      </GuideStep>
      <GuideStep number={3} state={stateOf('retire')} title="Retire the old key">
        {rollover.stage === 'retire' ? (
          <RetireStep keyId={rollover.old.keyId} plantCount={rollover.old.plantCount} />
        ) : (
          'When every plant has a token by the new key: the old one is trusted no more, and a last push makes it true.'
        )}
      </GuideStep>
    </GuideSteps>
  );
}

function TrustStep({ keyId, behind }: { keyId: string; behind: readonly string[] }) {
  return (
    <>
      <p>
        Push to <strong>{behind.join(', ')}</strong>. Until then a token by the new key would be refused there.
      </p>
      <GuideActions>
        {toBrokers}
        <InsistButton
          word="SIGN"
          label="Sign with it now all the same"
          title="Sign before every broker trusts the key"
          act={(store) => store.signWithTokenKey(keyId, true)}
        >
          For a key that leaked. Plants that get a token from now on are refused by {behind.join(', ')} until the next
          push there.
        </InsistButton>
      </GuideActions>
    </>
  );
}

function SignStep({ keyId }: { keyId: string }) {
  const { signWithTokenKey } = useStore(useConsole().authority);
  const signing = useAction();
  return (
    <>
      <p>Nobody is cut off: tokens by the old key stay good. From here on new ones are by the new key.</p>
      {signing.failure && <FailureNotice failure={signing.failure} />}
      <GuideActions>
        <Button
          variant="filled"
          loading={signing.isBusy}
          onClick={() => void signing.run(() => signWithTokenKey(keyId, false))}
        >
          Sign with the new key
        </Button>
      </GuideActions>
    </>
  );
}

function RetireStep({ keyId, plantCount }: { keyId: string; plantCount: number }) {
  const { retireTokenKey } = useStore(useConsole().authority);
  const retiring = useAction();
  if (plantCount === 0) {
    return (
      <>
        <p>No plant holds a token by the old key any more. Retire it, then push to every broker.</p>
        {retiring.failure && <FailureNotice failure={retiring.failure} />}
        <GuideActions>
          <Button
            variant="filled"
            loading={retiring.isBusy}
            onClick={() => void retiring.run(() => retireTokenKey(keyId, false))}
          >
            Retire the old key
          </Button>
        </GuideActions>
      </>
    );
  }
  const plants = plantCount === 1 ? '1 plant holds' : `${plantCount} plants hold`;
  return (
    <>
      <p>
        {plants} a token by the old key. Issue new ones under Plants → Security; a token lives 24 hours at most, so each
        plant needs a new one by then anyway.
      </p>
      <GuideActions>
        <Button variant="filled" component="a" href={href('plants')}>
          Open Plants
        </Button>
        <InsistButton
          word="RETIRE"
          label="Retire it now all the same"
          title="Retire a key that is in use"
          act={(store) => store.retireTokenKey(keyId, true)}
        >
          For a key that leaked. {plants} a token by it: with the next push these are locked out until they get a new
          one.
        </InsistButton>
      </GuideActions>
    </>
  );
}

type Actions = Pick<AuthorityStore, 'signWithTokenKey' | 'retireTokenKey'>;

/** For a key that must go at once, whoever is locked out by it: typed, not only pressed. */
function InsistButton({
  word,
  label,
  title,
  act,
  children,
}: {
  word: string;
  label: string;
  title: string;
  act: (store: Actions) => Promise<void>;
  children: ReactNode;
}) {
  const { authority } = useConsole();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button onClick={() => setAsking(true)}>{label}</Button>
      {isAsking && (
        <ConfirmDialog
          title={title}
          word={word}
          action={label}
          onConfirm={() => act(authority.getState())}
          onClose={() => setAsking(false)}
        >
          <div>{children}</div>
        </ConfirmDialog>
      )}
    </>
  );
}
