import { IconBellRinging, IconCheck, IconCircleCheck } from '@tabler/icons-react';
import type { Alert, AlertCondition, AlertKind } from '../../../shared/model/alert.ts';
import { visibleText } from '../../../shared/model/visible-text.ts';
import type { StatusSign } from '../../ui/StatusBadge.tsx';

export const kindWords: Readonly<Record<AlertKind, string>> = {
  silent: 'Plant silent',
  value: 'Value beyond a limit',
  alarm: 'Alarm of a plant',
  refused: 'Refused login',
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
    case 'alarm':
      return 'A plant sends RAISE, until it sends RESOLVE';
    case 'refused':
      return 'The log of the broker tells of a refused login';
  }
}

export function alertSign({ endedAt, acknowledgedAt }: Alert): StatusSign {
  if (endedAt !== null) return { tone: 'normal', icon: IconCircleCheck, word: 'Ended' };
  return acknowledgedAt === null
    ? { tone: 'fault', icon: IconBellRinging, word: 'Open' }
    : { tone: 'attention', icon: IconCheck, word: 'Acknowledged' };
}
