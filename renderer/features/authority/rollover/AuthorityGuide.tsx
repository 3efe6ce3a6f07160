// The change of the authority, step by step: what is done, what is next and why, and what comes later.

import type { Rollover, RolloverStage } from '../../../../shared/model/rollover.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { OpenBrokers } from '../GuideButtons.tsx';
import { GuideStep, GuideSteps, type StepState } from '../GuideStep.tsx';
import { NextStep } from './NextStep.tsx';
import { type Step, stepOrder } from './steps.ts';
import { WaitingPlants } from './WaitingPlants.tsx';

const titles: Record<Step, string> = {
  announce: 'Let the brokers trust both',
  trust: 'Bring the new CA file to the plants',
  issue: 'Issue by the new authority',
  serve: "Renew the brokers' own certificates",
  renew: 'Bring new credentials to the plants',
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
          <Notice tone="attention" action={<OpenBrokers />}>
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
      const steps = stepOrder.filter((step) => !isEmergency || stepOrder.indexOf(step) > stepOrder.indexOf('issue'));
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
  const distance = stepOrder.indexOf(step) - stepOrder.indexOf(stage);
  return distance < 0 ? 'done' : distance === 0 ? 'next' : 'later';
}
