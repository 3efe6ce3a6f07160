import { IconBell, IconBellRinging, IconCheck, IconCircleCheck } from '@tabler/icons-react';
import type { Alert, AlertCondition, AlertKind, DeafRule } from '../../../shared/model/alert.ts';
import { visibleText } from '../../../shared/model/visible-text.ts';
import type { StatusSign } from '../../ui/StatusBadge.tsx';
import { dateTime } from '../../ui/time.ts';

export const kindWords: Readonly<Record<AlertKind, string>> = {
  silent: 'Plant silent',
  value: 'Value beyond a limit',
  alarm: 'Alarm of a plant',
  refused: 'Refused login',
  unreachable: 'Broker not reachable',
};

/** What a rule watches for, in one sentence. */
export function conditionWords(condition: AlertCondition, nameOf: (plantId: string) => string): string {
  switch (condition.kind) {
    case 'silent': {
      const { scope, seconds } = condition;
      const who =
        scope.kind === 'plant'
          ? nameOf(scope.plantId)
          : scope.kind === 'site'
            ? `A plant of ${scope.site}`
            : 'Any plant';
      return `${who} says nothing for more than ${seconds} s`;
    }
    case 'value': {
      const { filter, pointer, direction, limit, hysteresis } = condition;
      return visibleText(
        `${pointer || 'The value'} of ${filter} ${direction} ${limit}${hysteresis > 0 ? `, until it is back by ${hysteresis}` : ''}`,
      );
    }
    case 'alarm': {
      const { severities = [] } = condition;
      const which = severities.length === 0 ? '' : ` with severity ${severities.join(' or ')}`;
      return `A plant sends RAISE${which}, until it sends RESOLVE`;
    }
    case 'refused':
      return 'The log of the broker tells of a refused login';
  }
}

/** As alarm lists have it: what stands, what was seen, and what is over and was seen by nobody. */
export function alertSign({ endedAt, acknowledgedAt }: Alert): StatusSign {
  if (endedAt !== null) {
    return acknowledgedAt === null
      ? { tone: 'attention', icon: IconBell, word: 'Ended, unseen' }
      : { tone: 'normal', icon: IconCircleCheck, word: 'Ended' };
  }
  return acknowledgedAt === null
    ? { tone: 'fault', icon: IconBellRinging, word: 'Open' }
    : { tone: 'attention', icon: IconCheck, word: 'Open, seen' };
}

/** What happened, with the value that tells more. */
export function whatWords({ kind, what, value }: Alert): string {
  switch (kind) {
    case 'silent':
      return `${what}; ${value === null ? 'it was not heard yet' : `heard last ${dateTime(value)}`}`;
    case 'value':
    case 'unreachable':
      return value === null ? what : `${what}: ${value}`;
    case 'alarm':
    case 'refused':
      return what;
  }
}

/** Why a rule hears nothing at a broker, and what can be done. */
export function deafWords({ brokerName, why, detail }: DeafRule): string {
  const because = detail === null ? '' : `: ${detail.replace(/\.$/, '')}`;
  switch (why) {
    case 'disconnected':
      return `${brokerName} is not connected${because}. It is tried again by itself; the Doctor finds out more.`;
    case 'stopped':
      return `${brokerName}: listening was ended under Live topics. Connect it there again.`;
    case 'practice-stopped':
      return `${brokerName} is not running. Start it under Practice plant.`;
    case 'unusable':
      return `${brokerName} cannot be listened to${because}.`;
    case 'outside':
      return visibleText(
        `${brokerName}: Live topics does not listen to ${detail ?? 'this filter'}. Connect it there, with this filter among its own.`,
      );
    case 'as-plant':
      return `${brokerName}: Live topics listens as a plant, and hears what that plant may read. Listen as the console there.`;
    case 'log-unreadable':
      return `The log of ${brokerName} cannot be read${because}.`;
    case 'log-empty':
      return `The log of ${brokerName} is empty, holds nothing but messages as far back as it is read, is kept elsewhere, or may not be read by the login that the console uses.`;
    case 'no-broker':
      return brokerName === '' ? 'There is no such broker. Choose another one, or add it under Broker.' : brokerName;
  }
}

/** These concern a broker as a whole, and are told once for all of its rules. */
export const isOfBroker = ({ why }: DeafRule): boolean =>
  why === 'disconnected' || why === 'stopped' || why === 'practice-stopped' || why === 'unusable';
