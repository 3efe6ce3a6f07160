// Alerts on screen: a rule is made, a real Mosquitto raises it, the operator acknowledges it, and it ends into the log.

import { expect, openScreen, test } from './support/fixtures.ts';
import { openLive, senderTo } from './support/live.ts';

test('a value beyond its limit shows in the navigation and the list until it is over', async ({
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
  const open = page.getByRole('table', { name: 'Open alerts' });
  const row = open.getByRole('row', { name: /Tank overflows/ });
  await expect(row).toContainText('93');
  await expect(page.getByRole('navigation').getByRole('link', { name: /Alerts/ })).toContainText('1 open');
  await row.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(row.getByText('Acknowledged')).toBeVisible();

  await send(60);
  await expect(page.getByText('No alert is open')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Log' }).getByRole('row', { name: /Tank overflows/ })).toBeVisible();
  await sender.endAsync();
});
