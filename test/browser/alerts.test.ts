// Alerts on screen: a rule is made, a real Mosquitto raises it, the operator acknowledges it, and it ends into the log.

import { readFile } from 'node:fs/promises';
import { withContract } from './support/contract-client.ts';
import { expect, openScreen, test } from './support/fixtures.ts';
import { openLive, senderTo } from './support/live.ts';

test('a value beyond its limit shows in the navigation and the list until it was seen and is over', async ({
  page,
  console,
  complaints: _,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  const sender = await senderTo(await openLive(page, console));
  const send = (value: number) => sender.publishAsync('tank/1', JSON.stringify({ level: value }), { qos: 1 });
  await openScreen(page, 'Alerts');
  await expect(page.getByText('No alert is open')).toBeVisible();

  await page.getByRole('button', { name: 'Add rule' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add rule' });
  await dialog.getByLabel('Name').fill('Tank overflows');
  await dialog.getByRole('combobox', { name: 'Alert when' }).click();
  await page.getByRole('option', { name: 'Value beyond a limit' }).click();
  await dialog.getByLabel('Topic filter').fill('tank/#/x');
  await dialog.getByLabel('Number in the payload').fill('/level');
  await dialog.getByLabel('Limit').fill('80');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('must be an MQTT topic filter')).toBeVisible();
  await dialog.getByLabel('Topic filter').fill('tank/#');
  await dialog.getByLabel('Ends when back by').fill('5');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('table', { name: 'Rules' }).getByText('/level of tank/# above 80')).toBeVisible();

  await send(93);
  const current = page.getByRole('table', { name: 'Open or unseen alerts' });
  const row = current.getByRole('row', { name: /Tank overflows/ });
  await expect(row).toContainText('93');
  await expect(row).toContainText('Still open');
  const entry = page.getByRole('navigation').getByRole('link', { name: /Alerts/ });
  await expect(entry).toContainText('1 not acknowledged');
  await row.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(row.getByText('Open, seen')).toBeVisible();
  await expect(entry).not.toContainText('not acknowledged');

  await send(60);
  await expect(page.getByText('No alert is open')).toBeVisible();
  await page.getByText(/^Log \(1\)$/).click();
  const log = page.getByRole('table', { name: 'Log of alerts' });
  await expect(log.getByRole('row', { name: /Tank overflows/ })).toContainText('after');
  await page.getByLabel('Search alerts').fill('no such');
  await expect(page.getByText('No alert fits the filter')).toBeVisible();
  await page.getByLabel('Search alerts').fill('OVERFLOWS');
  await expect(log.getByRole('row', { name: /Tank overflows/ })).toBeVisible();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as CSV' }).click(),
  ]);
  expect(await readFile(await download.path(), 'utf8')).toContain('"Tank overflows","Site"');
  await sender.endAsync();
});

test('what ended before anybody saw it stays in sight, and rules that cannot hear say why', async ({
  page,
  console,
  complaints: _,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  const broker = await openLive(page, console);
  const sender = await senderTo(broker);
  const plantId = await withContract(console, async (client) => {
    const { brokerId } = broker;
    const rule = { brokerId, isEnabled: true } as const;
    await client.alerts.addRule({ ...rule, name: 'Alarms', condition: { kind: 'alarm', severities: ['MAJOR'] } });
    const condition = {
      kind: 'value',
      filter: 'tank',
      pointer: '',
      direction: 'above',
      limit: 1,
      hysteresis: 0,
    } as const;
    await client.alerts.addRule({ ...rule, name: 'Tank', condition });
    await client.monitor.connect({ brokerId, filters: ['hall/#'] });
    return (await client.plants.create({ name: 'Pump 4', authMethod: 'MTLS' })).plantId;
  });
  const say = (ev: string) =>
    sender.publishAsync(
      `cpi/${plantId}/alarm`,
      JSON.stringify({ ev, alarmId: '1', code: 'E7', sev: 'MAJOR', msg: '<img src=x>' }),
    );
  await openScreen(page, 'Alerts');
  await expect(page.getByText('Site: Live topics does not listen to tank.')).toBeVisible();
  await expect(page.getByRole('row', { name: /^Tank/ })).toContainText('Hears not all');
  const row = page.getByRole('table', { name: 'Open or unseen alerts' }).getByRole('row', { name: /Pump 4/ });
  await expect(async () => {
    await say('RAISE');
    await expect(row).toContainText('Alarm MAJOR E7: <img src=x>', { timeout: 2000 });
  }).toPass();
  await say('RESOLVE');
  await expect(row).toContainText('Ended, unseen');
  await page.getByRole('button', { name: 'Acknowledge all (1)' }).click();
  await expect(page.getByText('No alert is open')).toBeVisible();
  await sender.endAsync();
});
