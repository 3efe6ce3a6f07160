import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconHelpCircle,
  IconLock,
  IconTruckDelivery,
  IconUserQuestion,
} from '@tabler/icons-react';
import type { DeploymentState } from '../../../../shared/model/deployment-state.ts';
import { StatusBadge, type Tone } from '../../../ui/StatusBadge.tsx';

type Sign = { readonly tone: Tone; readonly icon: Icon; readonly word: string; readonly meaning: string };

const signs: Record<DeploymentState, Sign> = {
  unknown: { tone: 'off', icon: IconHelpCircle, word: 'Not known', meaning: 'Nobody has looked at the device yet.' },
  inVault: {
    tone: 'working',
    icon: IconLock,
    word: 'In the vault',
    meaning: 'The newest credential waits in the vault; the device holds none, or an earlier one.',
  },
  onDevice: {
    tone: 'working',
    icon: IconTruckDelivery,
    word: 'On the device',
    meaning: 'The device holds a credential of this plant that has not proved itself by a session yet.',
  },
  matched: {
    tone: 'normal',
    icon: IconCircleCheck,
    word: 'Matched',
    meaning: 'The device holds the very credential that is in force.',
  },
  lost: {
    tone: 'fault',
    icon: IconAlertTriangle,
    word: 'Lost',
    meaning: 'The device held a credential and holds none now, as after a factory reset. Deploy again.',
  },
  foreign: {
    tone: 'attention',
    icon: IconUserQuestion,
    word: 'Not ours',
    meaning: 'The device holds files that this console did not issue to this plant.',
  },
};

export const deploymentWord = (state: DeploymentState): string => signs[state].word;
export const deploymentMeaning = (state: DeploymentState): string => signs[state].meaning;

/** Where the plant's credential is: in the vault, on its device, or both and the same. */
export function DeploymentSign({ state }: { state: DeploymentState }) {
  const { tone, icon, word } = signs[state];
  return (
    <StatusBadge tone={tone} icon={icon}>
      {word}
    </StatusBadge>
  );
}
