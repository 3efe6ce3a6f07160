// One message in a real Chromium: what it is shown as, what changed, what came before, and its numbers on the plot.

import type { MqttClient } from 'mqtt';
import { startSenders } from '../support/fleet-senders.ts';
import { withContract } from './support/contract-client.ts';
import { expect, test } from './support/fixtures.ts';
import { openLive, senderTo, topicRow, topicTree } from './support/live.ts';

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
  await expect(history.getByText(/^\d\d:\d\d:\d\d\.\d{3}$/)).toHaveCount(4);
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
  // Level for a while, so that something of its dashes is not slanted, which is drawn in paler colours.
  await other(4);
  await expect(lines.getByText('5 points')).toHaveCount(2);
  // The plot itself tells what it draws at the pointer: both lines on one axis of time, each with its own value then.
  const canvas = await panel
    .getByRole('img', { name: 'Plot of the chosen numbers over time' })
    .locator('.u-over')
    .boundingBox();
  if (!canvas) throw new Error('no plot');
  const values = async (x: number) => {
    await page.mouse.move(canvas.x + x, canvas.y + canvas.height / 2);
    await expect(panel.getByText(/^At \d\d:\d\d:\d\d/)).toBeVisible();
    return await lines.getByRole('listitem').locator('b').allTextContents();
  };
  expect(await values(1)).toEqual(['20', 'no number yet']);
  expect(await values(canvas.width - 1)).toEqual(['25', '4']);
  await page.mouse.move(canvas.x, canvas.y - 200);
  await expect(panel.getByText('Now; point at the plot for earlier.')).toBeVisible();
  // Both lines are drawn in the colours of the list, also when the window turns dark meanwhile.
  const drawn = () =>
    panel.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      // Read from a copy: Chromium warns of a canvas that is read again and again.
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
      copy?.drawImage(canvas, 0, 0);
      const pixels = copy?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      const style = getComputedStyle(canvas);
      const counts = ['--plot-1', '--plot-2', '--plot-3'].map((name) => {
        const colour = Number.parseInt(style.getPropertyValue(name).slice(1), 16);
        const wanted = [colour >> 16, (colour >> 8) & 255, colour & 255];
        for (let i = 0; i < pixels.length; i += 4) {
          const distance = wanted.reduce((sum, part, k) => sum + Math.abs(part - (pixels[i + k] ?? 0)), 0);
          // Slanted lines are blended with what is below them.
          if (pixels[i + 3] === 255 && distance < 40) return true;
        }
        return false;
      });
      return { scheme: document.documentElement.dataset.mantineColorScheme, counts };
    });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect.poll(drawn).toEqual({ scheme: colorScheme, counts: [true, true, false] });
  }
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
  for (const level of ['blank a', 'blank  a', 'blank a ']) await send(`bytes/${level}`, 'x');
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
  // Topics that differ only in blanks are told apart.
  await expect(topicRow(page, 'blank a␣')).toBeVisible();
  const widths = await topicTree(page)
    .getByText(/^blank +a$/)
    .evaluateAll((names) => names.map((name) => name.getBoundingClientRect().width));
  expect(new Set(widths).size).toBe(2);
  await topicRow(page, 'html').click();
  await expect(panel.getByText('<img src=x onerror="document.title=1">\\u{0}\\u{202e}')).toBeVisible();
  await expect(page).not.toHaveTitle('1');
  await topicRow(page, 'deep').click();
  await expect(panel.getByText(/· 100,000 bytes ·/)).toBeVisible();
  await expect(panel.getByText('Shown as text. Nested deeper than 64 levels.')).toBeVisible();
  await expect(panel.getByRole('tree')).toHaveCount(0);
  await topicRow(page, 'binary').click();
  await expect(panel.getByText('Shown as text. Not UTF-8.')).toBeVisible();
  await panel.getByText('Hex', { exact: true }).click();
  await expect(panel.getByText('ff fe 00 41')).toBeVisible();
});

test("a plant's messages with their signatures, a command and its acknowledgement, and one of many megabytes", async ({
  page,
  console,
  complaints: _,
}) => {
  const site = await openLive(page, console);
  const [plant] = await withContract(console, (client) => startSenders(client, site, [{ name: 'Press 1' }]));
  if (!plant) throw new Error('no plant');
  sender = await senderTo(site);
  const panel = page.getByRole('region', { name: 'Message' });
  const open = async (name: string) => {
    await page.getByLabel('Search topics and plant names').fill(`${plant.plantId}/${name}`);
    await topicRow(page, name).click();
  };

  const first = await plant.telemetry();
  await open('telemetry');
  await expect(panel.getByText('Signature valid')).toBeVisible();
  await plant.say('telemetry', first);
  await expect(panel.getByText('Sent before: replayed')).toBeVisible();
  await plant.telemetry('the secret of somebody else');
  await expect(panel.getByText('Signature invalid')).toBeVisible();
  await plant.say('telemetry', '{"ts":1,"n":"a1b2c3d4","timestamp":1,"devices":[]}');
  await expect(panel.getByText('Not signed')).toBeVisible();
  // What is not the newest keeps its own verdict.
  await panel.getByText('History', { exact: true }).click();
  await panel.getByRole('list', { name: 'Earlier messages' }).getByRole('button').nth(1).click();
  await expect(panel.getByText('Signature invalid')).toBeVisible();

  const cmdId = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
  const command = { cmdId, ts: 1_760_000_000_000, type: 'SET_OUTPUT', p: { relay: 3, html: '<b>on</b>' } };
  await sender.publishAsync(`cpi/${plant.plantId}/command`, JSON.stringify(command));
  await open('command');
  const shown = panel.getByRole('region', { name: 'Command' });
  await expect(shown.getByText('SET_OUTPUT')).toBeVisible();
  await expect(shown.getByText(cmdId)).toBeVisible();
  await expect(shown.getByText('{"relay":3,"html":"<b>on</b>"}')).toBeVisible();
  await expect(panel.getByText('Not signed')).toBeVisible();
  const now = { ...command, ts: Date.now() };
  const sayCommand = (payload: string) => sender?.publishAsync(`cpi/${plant.plantId}/command`, payload);
  await sayCommand(JSON.stringify({ ...now, sig: '0'.repeat(64) }));
  await expect(panel.getByText('Signature invalid')).toBeVisible();
  const signed = plant.sign('command', now);
  await sayCommand(signed);
  await expect(panel.getByText('Signature valid')).toBeVisible();
  await sayCommand(signed);
  await expect(panel.getByText('Sent before: replayed')).toBeVisible();

  const answer = { cmdId, st: 'DONE', ts: Date.now(), n: 'a1b2c3d4', msg: 'Relay 3 is on' };
  await plant.say('ack', plant.sign('ack', answer));
  await open('ack');
  const ack = panel.getByRole('region', { name: 'Acknowledgement' });
  await expect(ack.getByText('DONE')).toBeVisible();
  await expect(ack.getByText('Relay 3 is on')).toBeVisible();
  await expect(panel.getByText('Signature valid')).toBeVisible();
  await plant.alarm();
  await open('alarm');
  await expect(panel.getByRole('region', { name: 'Alarm' }).getByText('raised')).toBeVisible();
  await expect(panel.getByText('Signature valid')).toBeVisible();

  const large = 5_000_000;
  await sender.publishAsync('bytes/large', Buffer.from(`{"text":"${'x'.repeat(large - 11)}"}`));
  await page.getByLabel('Search topics and plant names').fill('bytes/');
  await topicRow(page, 'large').click();
  await expect(panel.getByText(/^Only the beginning was kept: [\d,]{9} bytes are missing\.$/)).toBeVisible();
  await expect(panel.getByText(/· 5,000,000 bytes ·/)).toBeVisible();
  await expect(panel.getByText('Shown as text.')).toHaveCount(0);
  // Beyond 16 MiB a message is left out before anything of it is kept, and counted.
  await sender.publishAsync('bytes/huge', Buffer.alloc(100_000_000));
  await expect(page.getByLabel('What was dropped')).toContainText('1 message too large', { timeout: 20_000 });
  await expect(topicRow(page, 'huge')).toHaveCount(0);
  await sender.publishAsync('bytes/large', 'small again');
  await expect(panel.getByText(/· 11 bytes ·/)).toBeVisible();
  // Nor is a message of Voke's protocol judged by its beginning.
  await sender.publishAsync(`cpi/${plant.plantId}/commands`, Buffer.from(`{"text":"${'x'.repeat(large)}"}`));
  await open('commands');
  await expect(panel.getByText(/^Only the beginning was kept/)).toBeVisible();
  await expect(panel.getByText("No message of Voke's protocol")).toHaveCount(0);
});
