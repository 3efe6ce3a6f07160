import {
  type Icon,
  IconAlertOctagon,
  IconArrowRightCircle,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconClockHour4,
  IconKey,
  IconPlayerPause,
  IconPlayerTrackNext,
  IconRefresh,
  IconTruckDelivery,
  IconUserQuestion,
} from '@tabler/icons-react';
import type { Campaign, CampaignRowState, CampaignState } from '../../../../shared/model/campaign.ts';
import { StatusBadge, type Tone } from '../../../ui/StatusBadge.tsx';
import { isWindowAhead, rowWords } from './words.ts';

type Sign = { readonly tone: Tone; readonly icon: Icon; readonly word: string };

const signs: Record<CampaignState, Sign> = {
  awaitingApproval: { tone: 'attention', icon: IconUserQuestion, word: 'Needs approval' },
  ready: { tone: 'off', icon: IconCircleDashed, word: 'Not started' },
  running: { tone: 'working', icon: IconRefresh, word: 'Under way' },
  paused: { tone: 'attention', icon: IconPlayerPause, word: 'Paused' },
  finished: { tone: 'normal', icon: IconCircleCheck, word: 'Finished' },
  cancelled: { tone: 'off', icon: IconBan, word: 'Cancelled' },
};
const waitsForWindow: Sign = { tone: 'working', icon: IconClockHour4, word: 'Waits for its window' };
const finishedWithFailures: Sign = { tone: 'attention', icon: IconAlertOctagon, word: 'Finished with failures' };

function signOf(campaign: Campaign, now: number): Sign {
  if (campaign.state === 'running' && isWindowAhead(campaign, now)) return waitsForWindow;
  if (campaign.state === 'finished' && campaign.counts.failed > 0) return finishedWithFailures;
  return signs[campaign.state];
}

export function CampaignSign({ campaign, now }: { campaign: Campaign; now: number }) {
  const { tone, icon, word } = signOf(campaign, now);
  return (
    <StatusBadge tone={tone} icon={icon}>
      {word}
    </StatusBadge>
  );
}

const rowSigns: Record<CampaignRowState, { readonly tone: Tone; readonly icon: Icon }> = {
  waiting: { tone: 'off', icon: IconCircleDashed },
  issuing: { tone: 'working', icon: IconKey },
  deploying: { tone: 'working', icon: IconTruckDelivery },
  verifying: { tone: 'working', icon: IconArrowRightCircle },
  done: { tone: 'normal', icon: IconCircleCheck },
  failed: { tone: 'fault', icon: IconAlertOctagon },
  skipped: { tone: 'off', icon: IconPlayerTrackNext },
};

export function RowSign({ state }: { state: CampaignRowState }) {
  const { tone, icon } = rowSigns[state];
  return (
    <StatusBadge tone={tone} icon={icon}>
      {rowWords[state]}
    </StatusBadge>
  );
}
