// Alerts on screen: a rule is made, a real Mosquitto raises it, the operator acknowledges it, and it ends into the log.

import { readFile } from 'node:fs/promises';
import type { Locator } from '@playwright/test';
import mqtt from 'mqtt';
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
  await dialog.getByLabel('Limit').fill('1.000.5');
  // A click beside it loses nothing.
  await page.mouse.click(1270, 790);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('must be an MQTT topic filter')).toBeVisible();
  await expect(dialog.getByText('must be a number, such as')).toBeVisible();
  // What is wrong pushes the end of the form down, but not out of the window.
  await dialog.evaluate((element) => element.scrollTo(0, 0));
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeInViewport({ ratio: 1 });
  await dialog.getByLabel('Limit').fill('8e1');
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
  // Who looks at something else is told by the title, and who keeps the log of a console without a desktop by that.
  await expect(page).toHaveTitle('(1) Voke Console');
  await expect.poll(() => console.logged()).toContain('Alert: Tank overflows');
  await row.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(row.getByText('Open, seen')).toBeVisible();
  await expect(entry).not.toContainText('not acknowledged');
  await expect(page).toHaveTitle('Voke Console');

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

test('a plant that falls silent and a login that is refused, each by its rule', async ({
  page,
  console,
  complaints: _,
}) => {
  const broker = await openLive(page, console);
  await withContract(console, async (client) => {
    const { plantId } = await client.plants.create({ name: 'Quiet', authMethod: 'PASSWORD' });
    await client.plants.provision({ plantId, brokerId: broker.brokerId });
    await client.plants.activate({ plantId });
  });
  await openScreen(page, 'Alerts');
  const add = async (kind: string, name: string, fill: (dialog: Locator) => Promise<void>) => {
    await page.getByRole('button', { name: 'Add rule' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add rule' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('combobox', { name: 'Alert when' }).click();
    await page.getByRole('option', { name: kind }).click();
    await fill(dialog);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toHaveCount(0);
  };
  await add('Plant silent', 'Nobody is silent', async (dialog) => {
    await dialog.getByRole('combobox', { name: 'Whose silence' }).click();
    await page.getByRole('option', { name: 'One plant' }).click();
    await dialog.getByRole('combobox', { name: 'Plant', exact: true }).click();
    await page.getByRole('option', { name: 'Quiet' }).click();
    await dialog.getByLabel('Silent for more than').fill('5');
  });
  await add('Refused login', 'Nobody is refused', async (dialog) => {
    await expect(dialog.getByText('Read from the log of the broker.')).toBeVisible();
  });
  const rules = page.getByRole('table', { name: 'Rules' });
  await expect(rules.getByText('Quiet says nothing for more than 5 s')).toBeVisible();
  await expect(rules.getByText('The log of the broker tells of a refused login')).toBeVisible();

  const current = page.getByRole('table', { name: 'Open or unseen alerts' });
  const silence = current.getByRole('row', { name: /Nobody is silent/ });
  await expect(silence).toContainText(/Open.*Quiet/, { timeout: 20_000 });
  await expect(silence).toContainText('it was not heard yet');
  const refused = current.getByRole('row', { name: /Nobody is refused/ });
  const wrong = { ...broker.login, clientId: 'stranger', password: 'wrong', reconnectPeriod: 0 };
  await expect(async () => {
    await expect(mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, wrong)).rejects.toThrow();
    await expect(refused).toContainText('Open', { timeout: 2000 });
  }).toPass({ timeout: 25_000 });
  await expect(page).toHaveTitle('(2) Voke Console');
});
