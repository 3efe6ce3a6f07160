// Who is in a campaign, who may let it begin, and what is refused at the door. No device is reached here.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { campaignSettingsSchema } from '../../shared/model/campaign.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';

let console: TestConsole;
beforeEach(async () => {
  console = await startCommissioned();
});
afterEach(() => console.dispose());

const fingerprint = 'A'.repeat(43);
const device = { host: 'plc.example', username: 'root', login: { kind: 'agent' as const } };

async function addPlant(name: string, { withDevice = true, site = null as string | null } = {}): Promise<PlantId> {
  const { client } = console;
  const { plantId } = await client.plants.create({ name, site, authMethod: 'MTLS' });
  if (withDevice) {
    await client.plants.putDevice({ plantId, device });
    await client.plants.confirmHostKey({ plantId, fingerprint });
  }
  return plantId;
}

const create = (plantIds: PlantId[], change: object = {}) =>
  console.client.campaigns.create({
    selection: { kind: 'plants', plantIds },
    settings: campaignSettingsSchema.parse({ name: 'Rotation', verify: null, ...change }),
  });

describe('the plants of a campaign', () => {
  it('are those that can be reached and may be, and the preview says why others are not', async () => {
    const { client } = console;
    const fit = await addPlant('Fit');
    const without = await addPlant('Without device', { withDevice: false });
    const unknown = await addPlant('Unknown key', { withDevice: false });
    await client.plants.putDevice({ plantId: unknown, device });
    const revoked = await addPlant('Revoked');
    await client.plants.revoke({ plantId: revoked });
    const onStick = await addPlant('On a stick');
    await client.plants.provision({ plantId: onStick, keyAlgorithm: 'EC-P256' });
    await client.offline.exportBundles({ plantIds: [onStick] });
    const busy = await addPlant('Busy');
    await create([busy]);
    const plantIds = [fit, without, unknown, revoked, onStick, busy];
    const preview = await client.campaigns.preview({ selection: { kind: 'plants', plantIds } });
    expect(Object.fromEntries(preview.map(({ name, excludedBecause }) => [name, excludedBecause]))).toEqual({
      Fit: null,
      'Without device': 'noDevice',
      'Unknown key': 'hostKeyUnknown',
      Revoked: 'revoked',
      'On a stick': 'bundleOpen',
      Busy: 'inCampaign',
    });
    const { campaignId, counts } = await create(plantIds);
    expect(counts.waiting).toBe(1);
    expect((await client.campaigns.get({ campaignId })).rows).toMatchObject([{ plantId: fit, state: 'waiting' }]);
    await expect(create([without])).rejects.toMatchObject({ code: 'campaign/empty' });
  });

  it('are chosen by site, or by the end of their certificates', async () => {
    const { client } = console;
    const north = await addPlant('North', { site: 'Hall 1' });
    await addPlant('South', { site: 'Hall 2' });
    await client.plants.provision({ plantId: north, keyAlgorithm: 'EC-P256' });
    const names = async (selection: Parameters<typeof client.campaigns.preview>[0]['selection']) =>
      (await client.campaigns.preview({ selection })).map(({ name }) => name);
    expect(await names({ kind: 'site', site: 'Hall 2' })).toEqual(['South']);
    expect(await names({ kind: 'expiring', days: 30 })).toEqual([]);
    expect(await names({ kind: 'expiring', days: 3650 })).toEqual(['North']);
  });
});

describe('a second person', () => {
  const code = 'only Ada knows';

  it('lets a campaign begin, by a code of their own', async () => {
    const { client } = console;
    await client.campaigns.addApprover({ name: 'Ada', code });
    const { campaignId, state } = await create([await addPlant('One')], { needsApproval: true });
    expect(state).toBe('awaitingApproval');
    await expect(client.campaigns.start({ campaignId })).rejects.toMatchObject({ code: 'campaign/not-approved' });
    for (const wrong of [
      { approver: 'Ada', code: 'somebody else' },
      { approver: 'Grace', code },
    ]) {
      await expect(client.campaigns.approve({ campaignId, ...wrong })).rejects.toMatchObject({
        code: 'campaign/wrong-code',
      });
    }
    expect(await client.campaigns.get({ campaignId })).toMatchObject({ state: 'awaitingApproval', approvedBy: null });
    expect(await client.campaigns.approve({ campaignId, approver: 'ada', code })).toMatchObject({
      state: 'ready',
      approvedBy: 'Ada',
    });
    await expect(client.campaigns.approve({ campaignId, approver: 'Ada', code })).rejects.toMatchObject({
      code: 'campaign/wrong-state',
    });
    const actions = (await client.audit.list({})).items.map(({ action }) => action);
    expect(actions.filter((action) => action === 'campaign.approval-refused')).toHaveLength(2);
    expect(actions).toContain('campaign.approve');
    expect(JSON.stringify(await client.audit.list({}))).not.toContain(code);
  });

  it('is never its author, nor one who was removed', async () => {
    const { client } = console;
    // The name of whoever works at this console.
    await client.campaigns.addApprover({ name: 'TESTER', code });
    await client.campaigns.addApprover({ name: 'Ada', code });
    await client.campaigns.removeApprover({ name: 'Ada' });
    const { campaignId } = await create([await addPlant('One')], { needsApproval: true });
    await expect(client.campaigns.approve({ campaignId, approver: 'tester', code })).rejects.toMatchObject({
      code: 'campaign/own-approval',
    });
    await expect(client.campaigns.approve({ campaignId, approver: 'Ada', code })).rejects.toMatchObject({
      code: 'campaign/wrong-code',
    });
    expect((await client.campaigns.listApprovers()).map(({ name }) => name)).toEqual(['TESTER']);
  });

  it('is enrolled once, with a code that is not guessed at once', async () => {
    const { client } = console;
    await client.campaigns.addApprover({ name: 'Ada', code });
    await expect(client.campaigns.addApprover({ name: 'ada', code })).rejects.toMatchObject({
      code: 'campaign/approver-exists',
    });
    await expect(client.campaigns.addApprover({ name: 'Grace', code: 'short' })).rejects.toMatchObject({
      code: 'input/invalid',
    });
    await expect(client.campaigns.removeApprover({ name: 'Grace' })).rejects.toMatchObject({
      code: 'campaign/approver-not-found',
    });
  });
});

it.each([
  ['a window that ends before it begins', { notBefore: '2031-01-02T00:00:00Z', notAfter: '2031-01-01T00:00:00Z' }],
  ['more devices at a time than it can work on', { parallel: 65 }],
  ['a wait of no time', { verify: { seconds: 0, otherwise: 'keep' } }],
  ['a name with a line end', { name: 'a\nb' }],
])('%s is refused at the door', async (_what, wrong) => {
  const plantIds = [await addPlant('One')];
  const settings = { name: 'Rotation', verify: null, ...wrong } as Parameters<
    typeof console.client.campaigns.create
  >[0]['settings'];
  await expect(
    console.client.campaigns.create({ selection: { kind: 'plants', plantIds }, settings }),
  ).rejects.toMatchObject({ code: 'input/invalid' });
  expect(await console.client.campaigns.list()).toEqual([]);
});

it('says that there is no such campaign', async () => {
  const campaignId = '00000000-0000-4000-8000-000000000001';
  for (const call of ['get', 'start', 'pause', 'cancel', 'retryFailed'] as const) {
    await expect(console.client.campaigns[call]({ campaignId })).rejects.toMatchObject({ code: 'campaign/not-found' });
  }
});
