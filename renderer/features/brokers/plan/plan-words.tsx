import { type Icon, IconFileMinus, IconFilePlus, IconPencil, IconUser } from '@tabler/icons-react';
import type { DriftEntry, PushPlan } from '../../../../shared/model/broker.ts';
import { StatusBadge, type Tone } from '../../../ui/StatusBadge.tsx';

export type PlanEntry = PushPlan['files'][number];
type Change = Exclude<PlanEntry['change'], 'same'> | 'added';

const changeSigns: Record<Change, { tone: Tone; icon: Icon; word: string }> = {
  new: { tone: 'working', icon: IconFilePlus, word: 'New' },
  added: { tone: 'attention', icon: IconFilePlus, word: 'Added' },
  changed: { tone: 'working', icon: IconPencil, word: 'Changed' },
  removed: { tone: 'working', icon: IconFileMinus, word: 'Removed' },
  foreign: { tone: 'off', icon: IconUser, word: "Somebody else's" },
};

/** `tone`: in place of the usual one. */
export function ChangeBadge({ change, tone }: { change: Change; tone?: Tone }) {
  const sign = changeSigns[change];
  return (
    <StatusBadge tone={tone ?? sign.tone} icon={sign.icon}>
      {sign.word}
    </StatusBadge>
  );
}

export const fileNeedWords: Record<PlanEntry['needs'], string> = {
  nothing: 'needs nothing',
  reload: 'needs a reload',
  restart: 'needs a restart',
};

export const driftWords: Record<DriftEntry['change'], string> = {
  added: 'not from this console',
  changed: 'other than it was pushed',
  removed: 'no longer there',
};

/** `subject`: what changes all this, at the beginning of a sentence. */
export function planHeadline({ files, needs }: PushPlan, subject: string): string {
  const own = files.filter(({ change }) => change !== 'foreign');
  const changing = own.filter(({ change }) => change !== 'same').length;
  if (changing === 0) return `Nothing would change: the broker has all of it. ${subject} probes it once more.`;
  const many = changing === 1 ? '1 file' : `${changing} of ${own.length} files`;
  switch (needs) {
    case 'nothing':
      return `${subject} changes ${many}; the broker need not read anything.`;
    case 'reload':
      return `${subject} changes ${many}; the broker reads them while it runs (SIGHUP).`;
    case 'restart':
      return `${subject} changes ${many}; the broker must restart for it.`;
  }
}

/** So many names are read; more is a number. */
const namesShown = 12;

/** Whose connection a push ends, in words. `restart`: the operator asked for one. */
export function droppedWords({ who, usernames }: PushPlan['dropped'], restart: boolean): string {
  const names = usernames.slice(0, namesShown).join(', ');
  const more = usernames.length > namesShown ? ` and ${usernames.length - namesShown} more` : '';
  if (who === 'everyone' || restart) {
    const connected = who === 'everyone' && names ? ` Connected now: ${names}${more}.` : '';
    return `Everyone loses the connection for a moment, and comes back by itself.${connected}`;
  }
  if (who === 'nobody') return 'Nobody loses the connection.';
  return usernames.length === 1
    ? `One user loses the connection, since the password changes or goes: ${names}.`
    : `${usernames.length} users lose the connection, since their passwords change or go: ${names}${more}.`;
}
