// The change of the authority, step by step: what is done, what is next and why, and what comes later.

import { Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import type { Rollover, RolloverAuthority, RolloverStage } from '../../../../shared/model/rollover.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href } from '../../../app/route.ts';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { FailureNotice, Notice } from '../../../ui/Notice.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { GuideActions, GuideStep, GuideSteps, type StepState } from '../GuideStep.tsx';
import type { RolloverStore } from './store.ts';
import { WaitingPlants } from './WaitingPlants.tsx';

const order = ['announce', 'trust', 'issue', 'serve', 'renew', 'retire'] as const;
type Step = (typeof order)[number];

const titles: Record<Step, string> = {
  announce: 'Let the brokers trust both',
  trust: 'Bring the new CA file to the plants',
  issue: 'Issue by the new authority',
  serve: "Renew the brokers' own certificates",
  renew: 'Bring new certificates to the plants',
  retire: 'Retire the old authority',
};

const later: Record<Step, string> = {
  announce: 'One CA file and one CRL file, with both authorities in each. Sessions go on.',
  trust: 'Only what they trust changes; certificates stay what they are.',
  issue: 'New certificates are by the new authority; those by the old one stay good.',
  serve: 'With the next push. Shown along with a cross-certificate, for who trusts one of the two only.',
  renew: 'One plant after the other, as in any rotation.',
  retire: 'When nobody needs it any more. Its CRL goes on until its last certificate has ended.',
};

const toBrokers = (
  <Button variant="filled" component="a" href={href('brokers')} leftSection={<IconSend size={18} aria-hidden />}>
    Open Broker
  </Button>
);

export function AuthorityGuide({ rollover }: { rollover: Rollover }) {
  const { stage, isEmergency, authorities } = rollover;
  switch (stage) {
    case 'none':
      return null;
    case 'forget': {
      const names = new Set(
        authorities.flatMap(({ state, brokersBehind }) => (state === 'retired' ? brokersBehind : [])),
      );
      return (
        <>
          <Notice tone="attention" action={toBrokers}>
            <strong>One push is left:</strong> {[...names].join(', ')} still trusts the retired authority.
          </Notice>
          <WaitingPlants rollover={rollover} />
        </>
      );
    }
    case 'announce':
    case 'trust':
    case 'issue':
    case 'serve':
    case 'renew':
    case 'retire': {
      const steps = order.filter((step) => !isEmergency || order.indexOf(step) > order.indexOf('issue'));
      return (
        <GuideSteps label="Change of the authority">
          {steps.map((step, index) => (
            <GuideStep key={step} number={index + 1} state={stateOf(step, stage)} title={titles[step]}>
              {step === stage ? <NextStep step={step} rollover={rollover} /> : later[step]}
            </GuideStep>
          ))}
        </GuideSteps>
      );
    }
  }
}

function stateOf(step: Step, stage: Exclude<RolloverStage, 'none' | 'forget'>): StepState {
  const distance = order.indexOf(step) - order.indexOf(stage);
  return distance < 0 ? 'done' : distance === 0 ? 'next' : 'later';
}

function NextStep({ step, rollover }: { step: Step; rollover: Rollover }) {
  const { authorities, plants } = rollover;
  const inState = (state: RolloverAuthority['state']) => authorities.filter((one) => one.state === state);
  const behind = (state: RolloverAuthority['state']) => inState(state).flatMap(({ brokersBehind }) => brokersBehind);
  switch (step) {
    case 'announce':
      return (
        <>
          <p>
            Push to <strong>{behind('next').join(', ')}</strong>. Nobody is dropped: a reload is enough.
          </p>
          <GuideActions>
            {toBrokers}
            <GiveUp authority={inState('next')[0]} />
          </GuideActions>
        </>
      );
    case 'trust':
      return (
        <>
          <p>
            {plantsAre(plants.length)} not known to trust the new authority. The console brings the file to those that
            it can reach; to the others carry ca.crt by hand and say so here.
          </p>
          <WaitingPlants rollover={rollover} />
          <GuideActions>
            <JobButton begin={(store) => store.bringTrust()}>Bring the CA file</JobButton>
            <GiveUp authority={inState('next')[0]} />
            <InsistButton
              word="ISSUE"
              label="Issue by the new one all the same"
              act={(store) => store.issue(true)}
              title="Issue before every plant trusts the new authority"
            >
              A plant that does not trust the new authority refuses a broker with a certificate of it, unless it follows
              the cross-certificate.
            </InsistButton>
          </GuideActions>
        </>
      );
    case 'issue':
      return (
        <>
          <p>Every broker and every plant trusts both. From here on new certificates are by the new authority.</p>
          <ActButton act={(store) => store.issue(false)}>Issue by the new authority</ActButton>
        </>
      );
    case 'serve':
      return (
        <>
          <p>
            Push to <strong>{behind('current').join(', ')}</strong>: the broker gets a certificate by the new authority.
          </p>
          <WaitingPlants rollover={rollover} />
          <GuideActions>
            {toBrokers}
            <JobButton begin={(store) => store.renewPlants()}>Issue new certificates</JobButton>
          </GuideActions>
        </>
      );
    case 'renew':
      return (
        <>
          <p>
            {plants.length} of {rollover.plantCount} plants still hold something old. Issue, then deploy each plant, one
            by one, as a campaign or on a stick.
          </p>
          <WaitingPlants rollover={rollover} />
          <GuideActions>
            <JobButton begin={(store) => store.renewPlants()}>Issue new certificates</JobButton>
            <Button component="a" href={href('plants')}>
              Open Plants
            </Button>
            {plants.some(({ needs }) => needs === 'trust') && (
              <JobButton begin={(store) => store.bringTrust()}>Bring the CA file</JobButton>
            )}
            {inState('retiring').map((authority) => (
              <InsistButton
                key={authority.authorityId}
                word="RETIRE"
                label="Retire the old one all the same"
                act={(store) => store.retire(authority.authorityId, true)}
                title="Retire an authority that is needed"
              >
                With the next push {plantsAre(plants.length)} locked out until they get something new. For a key that is
                in other hands.
              </InsistButton>
            ))}
          </GuideActions>
        </>
      );
    case 'retire':
      return (
        <>
          <p>Nobody needs the old authority any more. Retire it, then push to every broker.</p>
          {inState('retiring').map(({ authorityId }) => (
            <ActButton key={authorityId} act={(store) => store.retire(authorityId, false)}>
              Retire the old authority
            </ActButton>
          ))}
        </>
      );
  }
}

const plantsAre = (count: number): string => (count === 1 ? '1 plant is' : `${count} plants are`);

type Actions = Pick<RolloverStore, 'issue' | 'retire'>;

function ActButton({ act, children }: { act: (store: Actions) => Promise<void>; children: ReactNode }) {
  const { rollover } = useConsole();
  const acting = useAction();
  return (
    <>
      {acting.failure && <FailureNotice failure={acting.failure} />}
      <GuideActions>
        <Button
          variant="filled"
          loading={acting.isBusy}
          onClick={() => void acting.run(() => act(rollover.getState()))}
        >
          {children}
        </Button>
      </GuideActions>
    </>
  );
}

/** Begins a job that the panel shows step by step; what it changed is asked for when it has ended. */
function JobButton({ begin, children }: { begin: (store: RolloverStore) => Promise<string>; children: ReactNode }) {
  const { rollover, jobs } = useConsole();
  const isRunning = useStore(jobs, (store) => store.jobs.rollover?.state === 'running');
  const beginning = useAction();
  const start = async () => {
    const jobId = await begin(rollover.getState());
    void jobs.getState().follow('rollover', jobId).then(rollover.getState().refreshRollover);
  };
  return (
    <>
      {beginning.failure && <FailureNotice failure={beginning.failure} />}
      <Button variant="filled" loading={beginning.isBusy || isRunning} onClick={() => void beginning.run(start)}>
        {children}
      </Button>
    </>
  );
}

function GiveUp({ authority }: { authority: RolloverAuthority | undefined }) {
  const { rollover } = useConsole();
  const [isAsking, setAsking] = useState(false);
  if (!authority) return null;
  return (
    <>
      <Button onClick={() => setAsking(true)}>Give the new one up</Button>
      {isAsking && (
        <ConfirmDialog
          title="Give the next authority up"
          action="Give it up"
          onConfirm={() => rollover.getState().retire(authority.authorityId, false)}
          onClose={() => setAsking(false)}
        >
          <div>It has issued nothing to anybody. With the next push brokers trust the present one only, as before.</div>
        </ConfirmDialog>
      )}
    </>
  );
}

/** For what locks somebody out: typed, not only pressed. */
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
  const { rollover } = useConsole();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button onClick={() => setAsking(true)}>{label}</Button>
      {isAsking && (
        <ConfirmDialog
          title={title}
          word={word}
          action={label}
          onConfirm={() => act(rollover.getState())}
          onClose={() => setAsking(false)}
        >
          <div>{children}</div>
        </ConfirmDialog>
      )}
    </>
  );
}
