// The change of the token key, step by step: what is done, what is next and why, and what comes later.

import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import { href } from '../../app/route.ts';
import { Notice } from '../../ui/Notice.tsx';
import { ActButton, InsistButton, OpenBrokers } from './GuideButtons.tsx';
import { GuideActions, GuideStep, GuideSteps } from './GuideStep.tsx';
import type { Rollover } from './token-rollover.ts';

export function RolloverGuide({ rollover }: { rollover: Rollover }) {
  if (rollover.stage === 'none') {
    return rollover.untold.length > 0 ? (
      <Notice tone="attention" action={<OpenBrokers />}>
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
  const { signWithTokenKey } = useStore(useConsole().authority);
  return (
    <>
      <p>
        Push to <strong>{behind.join(', ')}</strong>. Until then a token by the new key would be refused there.
      </p>
      <GuideActions>
        <OpenBrokers />
        <InsistButton
          word="SIGN"
          label="Sign with it now all the same"
          title="Sign before every broker trusts the key"
          act={() => signWithTokenKey(keyId, true)}
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
  return (
    <>
      <p>Nobody is cut off: tokens by the old key stay good. From here on new ones are by the new key.</p>
      <ActButton act={() => signWithTokenKey(keyId, false)}>Sign with the new key</ActButton>
    </>
  );
}

function RetireStep({ keyId, plantCount }: { keyId: string; plantCount: number }) {
  const { retireTokenKey } = useStore(useConsole().authority);
  if (plantCount === 0) {
    return (
      <>
        <p>No plant holds a token by the old key any more. Retire it, then push to every broker.</p>
        <ActButton act={() => retireTokenKey(keyId, false)}>Retire the old key</ActButton>
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
          act={() => retireTokenKey(keyId, true)}
        >
          For a key that leaked. {plants} a token by it: with the next push these are locked out until they get a new
          one.
        </InsistButton>
      </GuideActions>
    </>
  );
}
