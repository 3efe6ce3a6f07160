// From "which plants" to a campaign that waits for its start. A later step is open only as long as the earlier ones stand.

import { Anchor } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useState } from 'react';
import type { CampaignCandidate, CampaignSettings } from '../../../../../shared/model/campaign.ts';
import { useConsole } from '../../../../app/console-context.tsx';
import { href, navigate } from '../../../../app/route.ts';
import { Panel } from '../../../../ui/Panel.tsx';
import stepClasses from '../../../../ui/SetupStep.module.css';
import { SetupStep } from '../../../../ui/SetupStep.tsx';
import { useAction } from '../../../../ui/use-action.ts';
import classes from '../OpenCampaign.module.css';
import { plantsIn } from '../words.ts';
import { CampaignSettingsForm } from './CampaignSettingsForm.tsx';
import { ChoosePlants } from './ChoosePlants.tsx';
import { type Choice, choiceOf, choiceWords, selectionOf } from './choice.ts';
import { PreviewPlants } from './PreviewPlants.tsx';
import { useSettingsForm } from './settings.ts';

type Step = 'choose' | 'preview' | 'settings';

export function PlanCampaign() {
  const { client, campaigns } = useConsole();
  const [choice, setChoice] = useState<Choice>(() => choiceOf(campaigns.getState().suggested));
  const [candidates, setCandidates] = useState<readonly CampaignCandidate[] | null>(null);
  const [step, setStep] = useState<Step>('choose');
  const form = useSettingsForm();
  const previewing = useAction();
  const included = candidates?.filter(({ excludedBecause }) => excludedBecause === null).length ?? 0;
  const left = (candidates?.length ?? 0) - included;
  const change = (next: Choice) => {
    setChoice(next);
    setCandidates(null);
  };
  const preview = async () => {
    const selection = selectionOf(choice);
    if (!selection) return;
    setCandidates(await client.campaigns.preview({ selection }));
    setStep('preview');
  };
  const create = async (settings: CampaignSettings) => {
    const selection = selectionOf(choice);
    if (!selection) return;
    const { campaignId } = await client.campaigns.create({ selection, settings });
    navigate(href('deployments', 'campaigns', campaignId));
  };
  return (
    <>
      <div>
        <Anchor href={href('deployments', 'campaigns')} underline="hover" className={classes.back}>
          <IconArrowLeft size={18} aria-hidden /> All campaigns
        </Anchor>
      </div>
      <Panel title="Plan a campaign">
        <ol className={stepClasses.steps}>
          <SetupStep
            number={1}
            title="Which plants"
            isDone={candidates !== null}
            isOpen={step === 'choose'}
            summary={choiceWords(choice)}
            onToggle={() => setStep(step === 'choose' ? 'preview' : 'choose')}
          >
            <ChoosePlants
              choice={choice}
              onChange={change}
              previewing={previewing}
              onPreview={() => void previewing.run(preview)}
            />
          </SetupStep>
          <SetupStep
            number={2}
            title="Who is in it"
            isDone={candidates !== null && step === 'settings'}
            isOpen={candidates !== null && step === 'preview'}
            summary={
              candidates === null ? 'Shown before anything is planned' : `${plantsIn(included)}, ${left} left out`
            }
            onToggle={() => setStep('preview')}
          >
            {candidates && <PreviewPlants candidates={candidates} onContinue={() => setStep('settings')} />}
          </SetupStep>
          <SetupStep
            number={3}
            title="How"
            isDone={false}
            isOpen={included > 0 && step === 'settings'}
            summary="Proof, change window, approval"
            onToggle={() => setStep('settings')}
          >
            <CampaignSettingsForm form={form} action={`Plan it for ${plantsIn(included)}`} onSubmit={create} />
          </SetupStep>
        </ol>
      </Panel>
    </>
  );
}
