import { expect, it } from 'vitest';
import { offeredActions } from '../../../renderer/features/deployments/campaigns/actions.ts';
import { failureReasons } from '../../../renderer/features/deployments/campaigns/failure-reasons.ts';
import { situationOf, tallyOf } from '../../../renderer/features/deployments/campaigns/words.ts';
import type { Campaign, CampaignRowView } from '../../../shared/model/campaign.ts';
import { errorCatalog } from '../../../shared/model/errors.ts';

const now = Date.parse('2026-03-09T12:00:00Z');
const nothing = { waiting: 0, issuing: 0, deploying: 0, verifying: 0, done: 0, failed: 0, skipped: 0 };
const past = '2026-03-09T06:00:00Z';
const ahead = '2026-03-09T20:00:00Z';

const campaign = (change: Partial<Campaign> = {}): Campaign => ({
  campaignId: '5a2a4c0e-6c58-4ac7-9c5e-3f1f5f1a0c11',
  name: 'Spring',
  state: 'ready',
  pausedBecause: null,
  problem: null,
  verify: null,
  parallel: 4,
  notBefore: null,
  notAfter: null,
  overrule: [],
  needsApproval: false,
  createdBy: 'Ada',
  createdAt: past,
  approvedBy: null,
  approvedAt: null,
  finishedAt: null,
  ...change,
  counts: { ...nothing, waiting: 3, ...change.counts },
});
const told = (change: Partial<Campaign>, approvers: string[] = []) =>
  situationOf(
    campaign(change),
    approvers.map((name) => ({ name, createdAt: past })),
    now,
  );

it('names who may agree, which is never the one who planned it', () => {
  const state = 'awaitingApproval';
  expect(told({ state }, ['ada', 'Grace', 'Edsger'])).toBe('Grace or Edsger has to agree before it may begin.');
  expect(told({ state }, ['ada'])).toContain('nobody is enrolled');
});

it('says what a pause waits for', () => {
  const paused = (pausedBecause: Campaign['pausedBecause'], more: Partial<Campaign> = {}) =>
    told({ state: 'paused', pausedBecause, ...more });
  expect(paused('operator')).toBe('Paused by the operator: nothing new begins.');
  expect(paused('consoleStopped', { counts: { ...nothing, deploying: 1 } })).toContain('1 plant was in the middle');
  expect(paused('brokerPush', { problem: { code: 'broker/unreachable', detail: 'No answer.' } })).toContain(
    'a broker does not know yet: No answer. Resume',
  );
  expect(paused('windowOver', { notAfter: past })).toContain('plan another for what is left');
});

it('tells a campaign that works from one that waits for its window', () => {
  expect(told({ state: 'running' })).toBe('Devices are being worked on.');
  expect(told({ state: 'running', notBefore: ahead })).toMatch(/^Waits for its change window: from .* \(in 8 h\)\.$/);
  expect(told({ state: 'running', notAfter: ahead })).toMatch(
    /^Devices are being worked on\. Nothing new begins after/,
  );
});

it('counts every plant once', () => {
  const counts = { waiting: 1, issuing: 2, deploying: 3, verifying: 4, done: 5, failed: 6, skipped: 7 };
  const { total, underWay, ...others } = tallyOf(campaign({ counts }));
  expect({ total, underWay }).toEqual({ total: 28, underWay: 9 });
  expect(others).toEqual({ waiting: 1, done: 5, failed: 6, skipped: 7 });
});

it('offers what the state allows, and nothing that a window which is over would refuse', () => {
  const offered = (change: Partial<Campaign>) => offeredActions(campaign(change), now);
  const failed = { ...nothing, failed: 2 };
  expect(offered({ state: 'awaitingApproval' })).toEqual(['approve', 'cancel']);
  expect(offered({ state: 'ready' })).toEqual(['start', 'cancel']);
  expect(offered({ state: 'running', counts: failed })).toEqual(['pause', 'retryFailed', 'cancel']);
  expect(offered({ state: 'paused', counts: failed })).toEqual(['start', 'retryFailed', 'cancel']);
  expect(offered({ state: 'finished', counts: failed })).toEqual(['retryFailed']);
  expect(offered({ state: 'finished' })).toEqual([]);
  expect(offered({ state: 'cancelled', counts: failed })).toEqual([]);
  expect(offered({ state: 'paused', notAfter: past, counts: failed })).toEqual(['cancel']);
});

it('gathers failures by their reason, in the words that fit them all', () => {
  const row = (code: string | null, detail = ''): CampaignRowView => ({
    plantId: '5a2a4c0e-6c58-4ac7-9c5e-3f1f5f1a0c11' as CampaignRowView['plantId'],
    plantName: 'Pump',
    state: code === null ? 'done' : 'failed',
    outcome: null,
    attempts: 1,
    startedAt: null,
    finishedAt: null,
    error: code === null ? null : { code, detail },
  });
  const reasons = failureReasons([
    row(null),
    row('device/clock-wrong', 'Alike.'),
    row('device/no-session', 'Of one.'),
    row('device/no-session', 'Of another.'),
    row('device/no-session', 'Of a third.'),
    row('device/clock-wrong', 'Alike.'),
  ]);
  expect(reasons).toEqual([
    { code: 'device/no-session', count: 3, sentence: errorCatalog['device/no-session'].title },
    { code: 'device/clock-wrong', count: 2, sentence: 'Alike.' },
  ]);
});
