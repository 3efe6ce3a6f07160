import { describe, expect, it } from 'vitest';
import { type FleetKnowledge, fleetPlant, staleAfter } from '../../../electron/core/fleet-state.ts';
import type { PlantFacts } from '../../../electron/monitor/plant-state.ts';
import { plantIdSchema } from '../../../shared/model/plant.ts';

const now = 1_800_000_000_000;
const iso = (at: number) => new Date(at).toISOString();
const never = { count: 0, lastAt: 0 };

const facts = (change: Partial<PlantFacts> = {}): PlantFacts => ({
  lastSeenAt: null,
  rate: 0,
  usualPauseMs: null,
  lastTopics: [],
  saysOffline: false,
  signatures: { valid: 0, absent: 0, unchecked: 0 },
  invalid: never,
  replayed: never,
  clockOff: { ...never, aheadMs: 0 },
  outside: never,
  unproven: never,
  openAlarms: [],
  lastResolvedAt: null,
  ...change,
});

type Change = Partial<Omit<FleetKnowledge, 'plant' | 'heard'>> & {
  readonly plant?: Partial<FleetKnowledge['plant']>;
  readonly heard?: readonly PlantFacts[];
};
const seen = ({ plant, heard = [], ...change }: Change) =>
  fleetPlant({
    plant: {
      plantId: plantIdSchema.parse('0f5c8a9e-4b1d-4c6a-9d2e-7a3b5c8d9e01'),
      name: 'Hall',
      site: null,
      status: 'ACTIVE',
      authMethod: 'MTLS',
      lastSeenAt: null,
      credentialExpiresAt: null,
      revokedAt: null,
      heardAfterRevocation: false,
      ...plant,
    },
    heard: heard.map((one, i) => ({ brokerId: `broker-${i}`, facts: one })),
    connected: 'unknown',
    askedAt: now,
    refusedAt: undefined,
    now,
    ...change,
  });

describe('the state of a plant', () => {
  it.each<[string, Change, string]>([
    ['nothing is known of', {}, 'never-seen'],
    ['that is heard as usual', { heard: [facts({ lastSeenAt: now - 20_000, usualPauseMs: 10_000 })] }, 'online'],
    ['that is silent for long', { heard: [facts({ lastSeenAt: now - 31_000, usualPauseMs: 10_000 })] }, 'stale'],
    ['that was heard in an earlier run', { plant: { lastSeenAt: iso(now - 3_600_000) } }, 'stale'],
    ['whose will was heard', { heard: [facts({ lastSeenAt: now - 1000, saysOffline: true })] }, 'offline'],
    ['without a session', { connected: 'no', heard: [facts({ lastSeenAt: now - 1000 })] }, 'offline'],
    [
      'that came after the brokers were asked',
      { connected: 'no', askedAt: now - 5000, heard: [facts({ lastSeenAt: now - 1000 })] },
      'online',
    ],
    ['that holds a silent session', { connected: 'yes', plant: { lastSeenAt: iso(now - 3_600_000) } }, 'stale'],
    ['that was turned away', { refusedAt: now - 1000, plant: { lastSeenAt: iso(now - 60_000) } }, 'refused'],
    ['that got in after it was turned away', { refusedAt: now - 9000, heard: [facts({ lastSeenAt: now })] }, 'online'],
    ['in whose name another was turned away', { refusedAt: now, connected: 'yes' }, 'never-seen'],
  ])('%s', (_what, change, state) => {
    expect(seen(change).state).toBe(state);
  });

  it('is judged by what is usual for it, within bounds', () => {
    expect([null, 0, 60_000, 86_400_000].map(staleAfter)).toEqual([300_000, 30_000, 180_000, 1_800_000]);
  });

  it('counts the messages that nobody checked', () => {
    const unchecked = (count: number) => facts({ signatures: { valid: 1, absent: 1, unchecked: count } });
    expect(seen({ heard: [unchecked(3), unchecked(4)] }).unchecked).toBe(7);
  });

  it('takes the broker where it was heard last', () => {
    const heard = [
      facts({ lastSeenAt: now - 9000, rate: 1 }),
      facts({ lastSeenAt: now, rate: 0.5, lastTopics: ['ack'] }),
    ];
    expect(seen({ heard })).toMatchObject({
      brokerId: 'broker-1',
      rate: 1.5,
      lastTopics: ['ack'],
      lastSeenAt: iso(now),
    });
  });
});

describe('problems', () => {
  it('are what was noticed lately, over all brokers', () => {
    const heard = [
      facts({ invalid: { count: 2, lastAt: now - 1000 }, outside: { count: 9, lastAt: now - 3_600_000 } }),
      facts({ invalid: { count: 3, lastAt: now }, replayed: { count: 1, lastAt: now } }),
    ];
    expect(seen({ heard }).problems).toEqual([
      { kind: 'bad-signature', count: 5, lastAt: iso(now), words: null },
      { kind: 'replayed', count: 1, lastAt: iso(now), words: null },
    ]);
  });

  it('are open alarms, however old, and a revoked plant that is heard', () => {
    const openAlarms = [{ alarmId: '1', words: 'E7 · HIGH', at: now - 86_400_000 }];
    const plant = { status: 'REVOKED' as const, revokedAt: iso(now - 5000) };
    expect(seen({ plant, heard: [facts({ lastSeenAt: now, openAlarms })] }).problems).toEqual([
      { kind: 'revoked-heard', count: 1, lastAt: iso(now), words: null },
      { kind: 'alarm', count: 1, lastAt: iso(now - 86_400_000), words: 'E7 · HIGH' },
    ]);
    expect(seen({ plant, heard: [facts({ lastSeenAt: now - 9000 })] }).problems).toEqual([]);
  });
});
