// One message in a real Chromium: what it is shown as, what changed, what came before, and its numbers on the plot.

import type { MqttClient } from 'mqtt';
import { expect, test } from './support/fixtures.ts';
import { openLive, senderTo, topicRow } from './support/live.ts';

let sender: MqttClient | undefined;
test.afterEach(async () => {
  await sender?.endAsync(true);
  sender = undefined;
});

const plantId = '0f5c8a9e-4b1d-4c6a-9d2e-7a3b5c8d9e01';

test('a value as a tree, its changes, its history and its numbers on one plot', async ({
  page,
  console,
  complaints: _,
}) => {
  const site = await openLive(page, console);
  sender = await senderTo(site);
  const publish = (temperature: number) =>
    sender?.publishAsync(
      'hall/sensor',
      `{"temperature":${temperature},"serial":12345678901234567890,"state":{"door":"closed","since":1.0}}`,
      {
        properties: { contentType: 'application/json', userProperties: { line: 'north', 'x-<b>': '\u202etxt' } },
      },
    );
  const other = (level: number) => sender?.publishAsync('hall/tank', String(level));
  for (const degrees of [20, 21.5, 23]) await publish(degrees);
  for (const level of [1, 2, 3, 4]) await other(level);

  await topicRow(page, 'sensor').click();
  const panel = page.getByRole('region', { name: 'Message' });
  const payload = panel.getByRole('tree', { name: 'Payload' });
  await expect(payload.getByText('12345678901234567890')).toBeVisible();
  await expect(payload.getByText('1.0')).toBeVisible();
  await payload.getByRole('button', { name: /state/ }).click();
  await expect(payload.getByText('1.0')).toHaveCount(0);
  await panel.getByRole('button', { name: 'MQTT 5 properties' }).click();
  await expect(panel.getByText('application/json')).toBeVisible();
  await expect(panel.getByText('x-<b>')).toBeVisible();
  await expect(panel.getByText('\\u202etxt')).toBeVisible();

  await panel.getByText('Changes', { exact: true }).click();
  const changes = panel.getByRole('list', { name: 'Changes' });
  await expect(changes.getByText('/temperature')).toBeVisible();
  await expect(changes.locator('del')).toHaveText('21.5');
  await expect(changes.locator('ins')).toHaveText('23');
  await publish(24);
  await expect(changes.locator('ins')).toHaveText('24');

  await panel.getByText('History', { exact: true }).click();
  const history = panel.getByRole('list', { name: 'Earlier messages' });
  await expect(history.getByRole('listitem')).toHaveCount(4);
  await history.getByRole('button', { name: /"temperature":20,/ }).click();
  await expect(payload.getByText('20', { exact: true })).toBeVisible();
  await panel.getByRole('button', { name: 'Back to the last message' }).click();
  await expect(payload.getByText('24', { exact: true })).toBeVisible();

  await payload.getByRole('button', { name: 'Plot temperature' }).click();
  await topicRow(page, 'tank').click();
  await payload.getByRole('button', { name: 'Plot the value' }).click();
  await panel.getByText('Plot', { exact: true }).click();
  const lines = panel.getByRole('list', { name: 'Lines of the plot' });
  await expect(lines.getByText('4 points')).toHaveCount(2);
  await publish(25);
  await expect(lines.getByText('5 points')).toBeVisible();
  await expect(lines.getByText('25', { exact: true })).toBeVisible();
  // The lines are drawn, not only listed: the canvas has more than one colour.
  const colours = await panel.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    const seen = new Set<number>();
    for (let i = 0; i < pixels.length; i += 4)
      if ((pixels[i + 3] ?? 0) === 255)
        seen.add(((pixels[i] ?? 0) << 16) | ((pixels[i + 1] ?? 0) << 8) | (pixels[i + 2] ?? 0));
    return seen.size;
  });
  expect(colours).toBeGreaterThan(2);
  await lines.getByRole('button', { name: /Take hall\/tank/ }).click();
  await expect(lines.getByRole('listitem')).toHaveCount(1);
});

test("messages of Voke's protocol and Sparkplug B as what they are; hostile ones as text", async ({
  page,
  console,
  complaints: _,
}) => {
  const site = await openLive(page, console);
  sender = await senderTo(site);
  const send = (topic: string, payload: string | Uint8Array) =>
    sender?.publishAsync(topic, typeof payload === 'string' ? payload : Buffer.from(payload));
  const plant = `cpi/${plantId}`;
  await send(
    `${plant}/telemetry`,
    JSON.stringify({
      ts: 1_760_000_000_000,
      n: 'a1b2c3d4',
      timestamp: 1_760_000_000_000,
      devices: [
        { externalId: 'CAB-1', type: 'CABINET', raw: 0x8000_0005 },
        { externalId: 'MET-1', type: 'METER', values: { power: 12.5 } },
      ],
    }),
  );
  await send(
    `${plant}/alarm`,
    JSON.stringify({ ts: 1, n: 'a1b2c3d5', ev: 'RAISE', alarmId: 'A7', code: 'E42', sev: 'HIGH', msg: 'Door open' }),
  );
  await send(`${plant}/ack`, '{"cmdId":1}');
  await send(
    'spBv1.0/Plant/DDATA/Edge/Pump',
    Uint8Array.from([0x12, 0x0b, 0x0a, 0x05, 0x4c, 0x65, 0x76, 0x65, 0x6c, 0x20, 0x03, 0x50, 0x07, 0x18, 0x05]),
  );
  await send('bytes/cbor', Uint8Array.from([0xa1, 0x61, 0x61, 0x18, 0x2a]));
  await send('bytes/html', '<img src=x onerror="document.title=1">\u0000\u202e');
  await send('bytes/deep', '['.repeat(100_000));
  await send('bytes/binary', Uint8Array.from([0xff, 0xfe, 0x00, 0x41]));

  const panel = page.getByRole('region', { name: 'Message' });
  await topicRow(page, 'telemetry').click();
  const snapshot = panel.getByRole('region', { name: 'Snapshot' });
  await expect(snapshot.getByRole('img', { name: 'bits 0, 2, 31 set' })).toBeVisible();
  await expect(snapshot.getByText('12.5')).toBeVisible();
  await topicRow(page, 'alarm').click();
  await expect(panel.getByRole('region', { name: 'Alarm' }).getByText('Door open')).toBeVisible();
  await topicRow(page, 'ack').click();
  await expect(panel.getByText("No message of Voke's protocol: Not the shape of ack: cmdId.")).toBeVisible();

  await page.getByLabel('Search topics and plant names').fill('Pump');
  await topicRow(page, 'Pump').click();
  const sparkplug = panel.getByRole('region', { name: 'Sparkplug B' });
  await expect(sparkplug.getByText('DDATA')).toBeVisible();
  await expect(sparkplug.getByText('Level')).toBeVisible();
  await expect(sparkplug.getByText('7', { exact: true })).toBeVisible();

  await page.getByLabel('Search topics and plant names').fill('bytes/');
  await topicRow(page, 'cbor').click();
  await expect(panel.getByRole('tree', { name: 'Payload' }).getByText('42')).toBeVisible();
  await topicRow(page, 'html').click();
  await expect(panel.getByText('<img src=x onerror="document.title=1">\\u{0}\\u{202e}')).toBeVisible();
  await expect(page).not.toHaveTitle('1');
  await topicRow(page, 'deep').click();
  await expect(panel.getByText('100000 bytes')).toBeVisible();
  await topicRow(page, 'binary').click();
  await panel.getByText('Hex', { exact: true }).click();
  await expect(panel.getByText('ff fe 00 41')).toBeVisible();
});
