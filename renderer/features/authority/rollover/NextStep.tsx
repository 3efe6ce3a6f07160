// What the next step of a change of authority asks for, and why.

import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import type { Rollover, RolloverAuthority } from '../../../../shared/model/rollover.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href } from '../../../app/route.ts';
import { ActButton, InsistButton, OpenBrokers } from '../GuideButtons.tsx';
import { GuideActions } from '../GuideStep.tsx';
import { GiveUp, JobButton } from './RolloverButtons.tsx';
import type { Step } from './steps.ts';
import { WaitingPlants } from './WaitingPlants.tsx';

export function NextStep({ step, rollover }: { step: Step; rollover: Rollover }) {
  const { authorities, plants } = rollover;
  const { bringTrust, renewPlants, issue, retire } = useStore(useConsole().rollover);
  const isOfAllMethods = plants.some(({ needs, authMethod }) => needs === 'credential' && authMethod !== 'MTLS');
  const issueAnew = isOfAllMethods ? 'Issue everything anew' : 'Issue new certificates';
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
            <OpenBrokers />
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
            <JobButton begin={bringTrust}>Bring the CA file</JobButton>
            <GiveUp authority={inState('next')[0]} />
            <InsistButton
              word="ISSUE"
              label="Issue by the new one all the same"
              act={() => issue(true)}
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
          <ActButton act={() => issue(false)}>Issue by the new authority</ActButton>
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
            <OpenBrokers />
            <JobButton begin={renewPlants}>{issueAnew}</JobButton>
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
            <JobButton begin={renewPlants}>{issueAnew}</JobButton>
            <Button component="a" href={href('plants')}>
              Open Plants
            </Button>
            {plants.some(({ needs }) => needs === 'trust') && (
              <JobButton begin={bringTrust}>Bring the CA file</JobButton>
            )}
            {inState('retiring').map((authority) => (
              <InsistButton
                key={authority.authorityId}
                word="RETIRE"
                label="Retire the old one all the same"
                act={() => retire(authority.authorityId, true)}
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
            <ActButton key={authorityId} act={() => retire(authorityId, false)}>
              Retire the old authority
            </ActButton>
          ))}
        </>
      );
  }
}

const plantsAre = (count: number): string => (count === 1 ? '1 plant is' : `${count} plants are`);
