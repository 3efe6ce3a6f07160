// How a plant is shown. Grey is as it should be: a revoked plant that is turned away is no fault.

import {
  IconAlertOctagon,
  IconBan,
  IconBellRinging,
  IconCircleCheck,
  IconCircleDashed,
  IconClockExclamation,
  IconClockPause,
  IconHelpCircle,
  IconPlugConnectedX,
  IconRepeat,
  IconRouteX,
  IconUserOff,
} from '@tabler/icons-react';
import type { FleetPlant, PlantFleetState, PlantProblem, PlantProblemKind } from '../../../shared/model/fleet.ts';
import { hasNoEnd } from '../../../shared/model/leaf-validity.ts';
import type { StatusSign, Tone } from '../../ui/StatusBadge.tsx';
import { daysUntil } from '../../ui/time.ts';
import { expiresSoonDays } from '../plants/words.tsx';

export const stateSigns: Record<PlantFleetState, StatusSign> = {
  refused: { tone: 'fault', icon: IconBan, word: 'Refused' },
  offline: { tone: 'fault', icon: IconPlugConnectedX, word: 'Offline' },
  stale: { tone: 'attention', icon: IconClockPause, word: 'Stale' },
  online: { tone: 'normal', icon: IconCircleCheck, word: 'Online' },
  'never-seen': { tone: 'off', icon: IconCircleDashed, word: 'Never seen' },
};

export const problemSigns: Record<PlantProblemKind, StatusSign> = {
  'bad-signature': { tone: 'fault', icon: IconAlertOctagon, word: 'Bad signature' },
  replayed: { tone: 'fault', icon: IconRepeat, word: 'Replayed' },
  'revoked-heard': { tone: 'fault', icon: IconUserOff, word: 'Revoked, yet heard' },
  alarm: { tone: 'fault', icon: IconBellRinging, word: 'Alarm' },
  'clock-off': { tone: 'attention', icon: IconClockExclamation, word: 'Clock is off' },
  'outside-topics': { tone: 'attention', icon: IconRouteX, word: 'Outside its topics' },
  unproven: { tone: 'attention', icon: IconHelpCircle, word: 'Sender unproven' },
};

/** A revoked plant that is not there is as it should be. */
export function stateSign({ state, status }: Pick<FleetPlant, 'state' | 'status'>): StatusSign {
  const sign = stateSigns[state];
  return status === 'REVOKED' && state !== 'online' ? { ...sign, tone: 'off' } : sign;
}

const problemOrder = Object.keys(problemSigns);
/** The worst first. */
export const sortedProblems = (problems: readonly PlantProblem[]): readonly PlantProblem[] =>
  problems.toSorted((a, b) => problemOrder.indexOf(a.kind) - problemOrder.indexOf(b.kind));

/** `Bad signature (3)`; of an alarm, what it says; of a clock, by how much. */
export const problemWords = ({ kind, count, words }: PlantProblem): string => {
  const { word } = problemSigns[kind];
  return `${words === null ? word : `${word}: ${words}`}${count > 1 ? ` (${count})` : ''}`;
};

function credentialTone({ credentialExpiresAt: at, authMethod }: FleetPlant, now: number): Tone {
  if (at === null || hasNoEnd(at)) return 'normal';
  const days = daysUntil(at, now);
  if (days <= 0) return 'fault';
  return authMethod !== 'TOKEN' && days < expiresSoonDays ? 'attention' : 'normal';
}

export const tonesFromWorst = ['fault', 'attention', 'working', 'normal', 'off'] as const satisfies readonly Tone[];

export const worstOf = (tones: readonly Tone[]): Tone => tonesFromWorst.find((tone) => tones.includes(tone)) ?? 'off';

/** The worst of all that is known of a plant. */
export const toneOf = (plant: FleetPlant, now: number): Tone =>
  worstOf([
    stateSign(plant).tone,
    ...plant.problems.map(({ kind }) => problemSigns[kind].tone),
    ...(plant.status === 'REVOKED' ? [] : [credentialTone(plant, now)].filter((tone) => tone !== 'normal')),
  ]);

export const isAbnormal = (tone: Tone): boolean => tone === 'fault' || tone === 'attention';
