import { describe, expect, it } from 'vitest';
import { guardMessage, isLive, type LifeSigns, noLifeSigns } from '../../../electron/operations/publish-guard.ts';
import type { OutgoingMessage } from '../../../shared/model/publish.ts';
import { contextOver } from '../../support/push-scene.ts';
import { createVault } from '../../support/vault.ts';
import { moment, plantId, plantRow } from '../../support/vault-rows.ts';

const silent = plantId('aaaa1111');
const active = plantId('bbbb2222');
const other = plantId('cccc3333');
const stranger = plantId('dddd4444');
const here: LifeSigns = { ofPlant: () => [], ofStranger: () => ['it has a session at Site now'] };

async function guard(topic: string, change: Partial<OutgoingMessage> = {}, signs: LifeSigns = noLifeSigns) {
  const { vault } = await createVault();
  vault.plants.insert(plantRow('aaaa1111', { plantId: silent, name: 'Silent', username: 'plc-aaaa1111' }));
  vault.plants.insert(plantRow('bbbb2222', { plantId: active, name: 'Active', status: 'ACTIVE' }));
  vault.plants.insert(plantRow('cccc3333', { plantId: other, name: 'Other', status: 'ACTIVE' }));
  const message: OutgoingMessage = { topic, payloadBase64: 'e30=', qos: 1, retain: false, ...change };
  return guardMessage(contextOver(vault), message, signs);
}

describe('a message needs a confirmation', () => {
  it.each([
    [`cpi/${active}/config`, ['Active']],
    [`cpi/${active}`, ['Active']],
    [`cpi/${active}/command/deeper/down`, ['Active']],
    [`cpi/${active.toUpperCase()}/config`, ['Active']],
    [`bridge/cpi/${active}/command`, ['Active']],
    [`cpi/${active}/about/${other}`, ['Active', 'Other']],
  ])('on %s, which reaches %j', async (topic, livePlants) => {
    expect(await guard(topic)).toMatchObject({ livePlants, needsConfirmation: true });
  });

  it('on a topic with the user name of a plant, when something speaks for it', async () => {
    const signs: LifeSigns = { ...noLifeSigns, ofPlant: ({ name }) => (name === 'Silent' ? ['it was heard'] : []) };
    const guarded = await guard('site/plc-AAAA1111/set', {}, signs);
    expect(guarded).toMatchObject({ livePlants: ['Silent'], needsConfirmation: true });
    expect(guarded.consequences.join(' ')).toMatch(/Silent: PENDING, never heard, it was heard/);
  });

  it.each([
    ['retained on a topic of a plant that was never there', `cpi/${silent}/info`, { retain: true }],
    ['a deletion there', `cpi/${silent}/info`, { retain: true, payloadBase64: '' }],
    ['retained for a plant that the register does not know', `cpi/${stranger}/status`, { retain: true }],
    ['a command to one', `cpi/${stranger}/command`, {}],
    ['configuration below one', `cpi/${stranger}/config/x`, {}],
    ['to the broker itself', '$CONTROL/dynamic-security/v1', {}],
    ['to what the broker says of itself', '$SYS/broker/uptime', {}],
  ])('%s', async (_what, topic, change) => {
    expect(await guard(topic, change)).toMatchObject({ livePlants: [], needsConfirmation: true });
  });

  it('as a stranger that has a session', async () => {
    expect(await guard(`cpi/${stranger}/telemetry`, {}, here)).toMatchObject({ needsConfirmation: true });
  });
});

it.each([
  ['hall/lamp', { retain: true }],
  [`cpi/${silent}/config`, {}],
  [`cpi/${stranger}/telemetry`, {}],
])('%s needs none', async (topic, change) => {
  expect(await guard(topic, change)).toMatchObject({ livePlants: [], needsConfirmation: false });
});

it.each([`cpi/${silent}/command/x`, `bridge/cpi/${silent}/commands`])('nothing is retained on %s', async (topic) => {
  await expect(guard(topic, { retain: true })).rejects.toMatchObject({ code: 'publish/retained-command' });
});

it('takes a plant for live that is active, was seen, or for which something speaks', () => {
  const plant = plantRow('aaaa1111');
  expect(isLive(plant, noLifeSigns)).toBe(false);
  expect(isLive({ ...plant, status: 'ACTIVE' }, noLifeSigns)).toBe(true);
  expect(isLive({ ...plant, lastSeenAt: moment }, noLifeSigns)).toBe(true);
  expect(isLive(plant, { ...noLifeSigns, ofPlant: () => ['a credential of it is out there'] })).toBe(true);
});
