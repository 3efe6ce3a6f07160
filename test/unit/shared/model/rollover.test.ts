import { expect, it } from 'vitest';
import { type RolloverStage, rolloverStageOf } from '../../../../shared/model/rollover.ts';

const authority = (state: 'next' | 'current' | 'retiring' | 'retired', ...brokersBehind: string[]) => ({
  state,
  brokersBehind,
});
const waiting = [{ needs: 'trust' as const }];

it.each<[RolloverStage, Parameters<typeof rolloverStageOf>]>([
  ['none', [[authority('current')], []]],
  // A push is due, as at any time; no authority changes.
  ['none', [[authority('current', 'Site')], []]],
  ['announce', [[authority('current'), authority('next', 'Site')], waiting]],
  ['trust', [[authority('current'), authority('next')], waiting]],
  ['issue', [[authority('current'), authority('next')], []]],
  ['serve', [[authority('retiring'), authority('current', 'Site')], waiting]],
  ['renew', [[authority('retiring'), authority('current')], waiting]],
  ['retire', [[authority('retiring'), authority('current')], []]],
  ['forget', [[authority('retired', 'Site'), authority('current')], waiting]],
  // Insisted on: who was left out is told until they got something new.
  ['renew', [[authority('retired'), authority('current')], waiting]],
  ['none', [[authority('retired'), authority('current')], []]],
])('%s', (stage, [authorities, plants]) => {
  expect(rolloverStageOf(authorities, plants)).toBe(stage);
});
