// Where a campaign stands, in words: whose turn it is, and what it waits for.

import {
  type Approver,
  type Campaign,
  type CampaignRowState,
  middleStates,
  type PauseReason,
} from '../../../../shared/model/campaign.ts';
import { dateTime, span } from '../../../ui/time.ts';

export const rowWords: Record<CampaignRowState, string> = {
  waiting: 'Waits',
  issuing: 'Issuing',
  deploying: 'Deploying',
  verifying: 'Verifying',
  done: 'Done',
  failed: 'Failed',
  skipped: 'Skipped',
};

export const plantsIn = (count: number): string => (count === 1 ? '1 plant' : `${count} plants`);

export type Tally = {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  /** Somebody is at them, or was when the console stopped. */
  readonly underWay: number;
  readonly waiting: number;
};

export function tallyOf({ counts }: Pick<Campaign, 'counts'>): Tally {
  const underWay = middleStates.reduce((sum, state) => sum + counts[state], 0);
  const { done, failed, skipped, waiting } = counts;
  return { total: done + failed + skipped + underWay + waiting, done, failed, skipped, underWay, waiting };
}

type Window = Pick<Campaign, 'notBefore' | 'notAfter'>;

export const isWindowOver = ({ notAfter }: Window, now: number): boolean =>
  notAfter !== null && Date.parse(notAfter) <= now;

export const isWindowAhead = ({ notBefore }: Window, now: number): boolean =>
  notBefore !== null && Date.parse(notBefore) > now;

/** `from 2026-03-09 22:00 until 2026-03-10 04:00`, local time; null when it may work at any time. */
export function windowWords({ notBefore, notAfter }: Window): string | null {
  const from = notBefore === null ? [] : [`from ${dateTime(notBefore)}`];
  const until = notAfter === null ? [] : [`until ${dateTime(notAfter)}`];
  return [...from, ...until].join(' ') || null;
}

/** How each plant proves that its new credential works. */
export function proofWords({ verify }: Pick<Campaign, 'verify'>): string {
  if (!verify) return 'plants are not waited for';
  const otherwise = verify.otherwise === 'keep' ? 'kept' : 'put back';
  return `each plant is waited for ${verify.seconds} s, otherwise ${otherwise}`;
}

/** What the preflight would refuse and this campaign does all the same; undefined where it does nothing of the kind. */
export function overruleWords({ overrule }: Pick<Campaign, 'overrule'>): string | undefined {
  const words = { clock: 'a wrong clock', contents: "another plant's files" } as const;
  return overrule.length === 0 ? undefined : `goes on over ${overrule.map((check) => words[check]).join(' and ')}`;
}

/** Everybody who is enrolled and did not plan it themselves. */
export const possibleApprovers = (
  { createdBy }: Pick<Campaign, 'createdBy'>,
  approvers: readonly Approver[],
): readonly Approver[] => approvers.filter(({ name }) => name.toLowerCase() !== createdBy.toLowerCase());

/** One or two sentences about where the campaign stands at `now` (Unix ms). */
export function situationOf(campaign: Campaign, approvers: readonly Approver[], now: number): string {
  const { state, pausedBecause, finishedAt, approvedBy, approvedAt } = campaign;
  const { underWay, failed, skipped } = tallyOf(campaign);
  const ending = underWay > 0 ? ` ${plantsIn(underWay)} under way will end by themselves.` : '';
  switch (state) {
    case 'awaitingApproval':
      return approvalSentence(campaign, approvers);
    case 'ready': {
      const agreed = approvedBy && approvedAt ? `Approved by ${approvedBy} on ${dateTime(approvedAt)}. ` : '';
      return `${agreed}Nothing begins before you start it.${windowSentence(campaign, now)}`;
    }
    case 'running':
      return isWindowAhead(campaign, now)
        ? windowSentence(campaign, now).trim()
        : `Devices are being worked on.${windowSentence(campaign, now)}`;
    case 'paused':
      return `${pauseSentence(campaign, pausedBecause ?? 'operator')}${windowSentence(campaign, now)}`;
    case 'finished': {
      const rest = failed > 0 ? ` ${plantsIn(failed)} failed and may be tried again.` : '';
      return `Ended on ${finishedAt ? dateTime(finishedAt) : 'an unknown day'}.${rest}`;
    }
    case 'cancelled':
      return `Cancelled${finishedAt ? ` on ${dateTime(finishedAt)}` : ''}; ${plantsIn(skipped)} never begun.${ending}`;
  }
}

function approvalSentence(campaign: Campaign, approvers: readonly Approver[]): string {
  const names = possibleApprovers(campaign, approvers).map(({ name }) => name);
  if (names.length === 0) {
    return `Somebody else than ${campaign.createdBy} has to agree, but nobody is enrolled as an approver yet.`;
  }
  const last = names.at(-1);
  const who = names.length === 1 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
  return `${who} has to agree before it may begin.`;
}

function pauseSentence(campaign: Campaign, because: PauseReason): string {
  const { underWay } = tallyOf(campaign);
  const subject = underWay === 1 ? '1 plant was' : `${underWay} plants were`;
  switch (because) {
    case 'operator':
      return `Paused by the operator: nothing new begins.${
        underWay > 0 ? ` What is under way on ${plantsIn(underWay)} ends first.` : ''
      }`;
    case 'consoleStopped':
      return `The console was closed or locked meanwhile.${
        underWay > 0 ? ` ${subject} in the middle: those devices are asked first when it goes on.` : ''
      }`;
    case 'windowOver':
      return 'Its change window ended before it was through.';
    case 'brokerPush':
      return `Devices have their credentials, but a broker does not know yet: ${
        campaign.problem?.detail ?? 'it could not be told.'
      } Resume to tell it again.`;
  }
}

/** What the window means now, with a space before it; empty without one. */
function windowSentence(campaign: Campaign, now: number): string {
  const { notBefore, notAfter } = campaign;
  if (isWindowOver(campaign, now)) {
    return ` The window is over since ${dateTime(notAfter ?? '')}: cancel it, then plan another for what is left.`;
  }
  if (notBefore !== null && isWindowAhead(campaign, now)) {
    const wait = `in ${span(Date.parse(notBefore) - now)}`;
    return campaign.state === 'running'
      ? ` Waits for its change window: ${windowWords(campaign)} (${wait}).`
      : ` Its change window: ${windowWords(campaign)} (${wait}).`;
  }
  return notAfter === null ? '' : ` Nothing new begins after ${dateTime(notAfter)}.`;
}
