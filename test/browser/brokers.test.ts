// The broker's screen against a real mosquitto that the console starts on this machine.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { freePorts } from '../../electron/platform/free-port.ts';
import type { ListenerPorts } from '../../shared/model/broker.ts';
import { call, createVault, expect, openScreen, quickAuthority, test } from './support/fixtures.ts';
import type { HeadlessConsole } from './support/headless-console.ts';

type Hall = { readonly card: Locator; readonly brokerId: string; readonly ports: ListenerPorts };

/** An authority, a plant that is in by password, and a broker; its card is in sight. */
async function openHall(page: Page, console: HeadlessConsole): Promise<Hall> {
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  const plant = await call(console, '/plants', { name: 'Mixer', authMethod: 'PASSWORD' });
  await call(console, `/plants/${idOf(plant, 'plantId')}/provision`, {});
  const [mtls = 0, password = 0, token = 0] = await freePorts(3);
  const ports = { mtls, password, token };
  const broker = await call(console, '/brokers', {
    name: 'Hall 3',
    target: { kind: 'process' },
    host: 'localhost',
    ports,
  });
  await openScreen(page, 'Broker');
  const card = page.getByRole('region', { name: 'Hall 3', exact: true });
  await expect(card).toBeVisible();
  return { card, brokerId: idOf(broker, 'brokerId'), ports };
}

function idOf(value: unknown, field: string): string {
  const id =
    typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === field)?.[1] : '';
  return String(id);
}

const brokerDirectory = (console: HeadlessConsole, { brokerId }: Hall): string =>
  join(console.dataDirectory, 'brokers', brokerId);

async function append(console: HeadlessConsole, hall: Hall, file: string, line: string): Promise<void> {
  const path = join(brokerDirectory(console, hall), 'live', file);
  await writeFile(path, `${await readFile(path, 'utf8')}${line}\n`);
}

const button = (card: Locator, name: string | RegExp) => card.getByRole('button', { name, exact: true });

async function pushed(card: Locator): Promise<void> {
  await expect(card.getByText('Pushed, probed and in force')).toBeVisible({ timeout: 60_000 });
  // What the window then does depends on whether it knows of this push already.
  await expect(card.getByText('never', { exact: true })).toHaveCount(0);
}

async function push(card: Locator): Promise<void> {
  await button(card, 'Push').click();
  await pushed(card);
  await button(card, 'Close').click();
}

const strangersLine = `visitor:$7$101$c2FsdHNhbHRzYWx0$${Buffer.alloc(64, 7).toString('base64')}`;

test('a push is shown before it is done, step by step, and by what every listener answered', async ({
  page,
  console,
  complaints: _,
}) => {
  const hall = await openHall(page, console);
  const { card, ports } = hall;
  await expect(card.getByText('Not pushed yet')).toBeVisible();
  await button(card, 'Show what would change').click();
  const plan = card.getByRole('region', { name: 'What a push would change' });
  await expect(plan.getByText('A push changes 8 of 8 files; the broker must restart for it.')).toBeVisible();
  await expect(plan.getByText('Everyone loses the connection for a moment')).toBeVisible();
  await expect(plan.getByText(/The token listener .* was left out/)).toBeVisible();
  await plan.getByRole('button', { name: /passwd-devices/ }).click();
  const diff = plan.getByRole('region', { name: 'Changes in passwd-devices' });
  await expect(diff.getByText(/plc-[0-9a-f]{8}:•+/)).toBeVisible();
  await expect(diff).not.toContainText('$7$');
  await button(plan, 'Push this').click();
  await pushed(card);

  await expect(card.getByText('Running', { exact: true })).toBeVisible();
  await expect(card.getByText(/The token listener .* was left out/)).toBeVisible();
  await expect(card.getByText('Restart the broker with them')).toBeVisible();
  const probes = card.getByRole('region', { name: 'Probes' });
  await expect(probes.getByText(/all \d+ probes answered as they must/)).toBeVisible();
  await expect(probes.getByText(`port ${ports.mtls}`)).toBeVisible();
  await expect(probes.getByRole('listitem').filter({ hasText: 'A wrong password' })).toContainText('refused');
  await expect(probes.getByRole('listitem').filter({ hasText: 'A right password' })).toContainText('accepted');
  await button(card, 'Close').click();

  await button(card, 'Show what would change').click();
  await expect(plan.getByText('Nothing would change')).toBeVisible();
  await button(plan, 'Close').click();
  await button(card, 'Log').click();
  await expect(card.getByRole('region', { name: 'Broker log' })).toContainText('mosquitto');
});

test('what somebody else changed is shown before a push writes, and kept or overwritten as chosen', async ({
  page,
  console,
  complaints: _,
}) => {
  const hall = await openHall(page, console);
  const { card } = hall;
  const passwords = () => readFile(join(brokerDirectory(console, hall), 'live', 'passwd-devices'), 'utf8');
  await push(card);
  await append(console, hall, 'passwd-devices', strangersLine);

  await expect(card.getByText('Somebody else changed this broker since the last push')).toHaveCount(0);
  await button(card, 'Look again').click();
  await expect(card.getByText('Somebody else changed this broker since the last push')).toBeVisible();
  await button(card, 'Push').click();
  const drift = card.getByRole('region', { name: 'Changed by somebody else' });
  await expect(drift.getByRole('region', { name: 'Changes in passwd-devices' })).toContainText('visitor:•');
  await expect(drift.getByRole('radio', { name: 'Keep what others wrote' })).toBeChecked();
  expect(await passwords()).toContain('visitor');
  await card.getByRole('button', { name: /of somebody else's stay/ }).click();
  await expect(card.getByText(/visitor/).last()).toBeVisible();
  await button(card, 'Push and keep what others wrote').click();
  await pushed(card);
  expect(await passwords()).toContain('visitor');
  await button(card, 'Close').click();

  await append(console, hall, 'passwd-devices', strangersLine.replace('visitor', 'intruder'));
  await button(card, 'Push').click();
  await drift.getByRole('radio', { name: 'Overwrite it' }).check();
  const changes = card.getByRole('list', { name: 'Files that change' });
  await expect(changes.getByText('removed: intruder')).toBeVisible();
  await button(card, 'Push and overwrite').click();
  await pushed(card);
  expect(await passwords()).not.toContain('intruder');
  expect(await passwords()).toContain('visitor');
});

test('a push that cannot keep what it found leads to the choice', async ({ page, console, complaints: _ }) => {
  const hall = await openHall(page, console);
  const { card } = hall;
  await push(card);
  await append(console, hall, 'passwd-devices', 'this is no line of a password file');
  await button(card, 'Push').click();
  const plan = card.getByRole('region', { name: 'What a push would change' });
  await expect(plan.getByText('broker/foreign-file-invalid')).toBeVisible();
  await plan.getByRole('radio', { name: 'Overwrite it' }).check();
  await button(plan, 'Push and overwrite').click();
  await pushed(card);
});

test('a push that fails says at which step, and the way back stays open', async ({ page, console, complaints: _ }) => {
  const { card, ports } = await openHall(page, console);
  const occupant = createServer().listen(ports.password, '127.0.0.1');
  await button(card, 'Push').click();
  await expect(card.getByText('Failed', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(card.getByText('broker/port-busy')).toBeVisible();
  await expect(card.getByText('Undo the push')).toBeVisible();
  await new Promise((resolve) => occupant.close(resolve));
  await button(card, 'Close').click();
  await push(card);
});

test('a probe that is answered otherwise undoes the push, and stands first', async ({
  page,
  console,
  complaints: _,
}) => {
  const hall = await openHall(page, console);
  const { card } = hall;
  await push(card);
  // So small that hardly anybody's CONNECT fits: a setting of somebody else's that a broker starts with gladly.
  await append(console, hall, 'mosquitto.conf', 'max_packet_size 30');
  await button(card, 'Push').click();
  await button(card, 'Push and keep what others wrote').click();
  await expect(card.getByText('Failed', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(card.getByText('broker/probe-failed')).toBeVisible();
  const probes = card.getByRole('region', { name: 'Probes', exact: true });
  await expect(probes.getByText(/After the push: \d+ of \d+ probes answered otherwise/)).toBeVisible();
  await expect(probes.getByRole('listitem').first()).toContainText('must be: accepted');
  await expect(card.getByRole('region', { name: 'Probes after undoing' })).toBeVisible();
});

test('an earlier configuration comes back by a push of its own', async ({ page, console, complaints: _ }) => {
  const hall = await openHall(page, console);
  const { card } = hall;
  await push(card);
  await button(card, 'Earlier').click();
  const earlier = card.getByRole('region', { name: 'Earlier configurations' });
  await expect(earlier.getByText('None yet')).toBeVisible();
  await append(console, hall, 'mosquitto.conf', 'max_packet_size 20000');
  await button(card, 'Push').click();
  await button(card, 'Push and keep what others wrote').click();
  await pushed(card);
  await button(card, 'Close').click();
  await append(console, hall, 'mosquitto.conf', 'max_queued_messages 7');
  await button(card, 'Push').click();
  await button(card, 'Push and keep what others wrote').click();
  await pushed(card);
  await button(card, 'Close').click();

  await earlier
    .getByRole('button', { name: /^Go back/ })
    .last()
    .click();
  const plan = card.getByRole('region', { name: 'What going back would change' });
  await expect(plan.getByText('nobody who was revoked since comes back')).toBeVisible();
  await expect(plan.getByText('Going back changes 1 file; the broker must restart for it.')).toBeVisible();
  const diff = plan.getByRole('region', { name: 'Changes in mosquitto.conf' });
  await expect(diff.getByText('max_queued_messages 7')).toBeVisible();
  await button(plan, 'Close').click();
  await expect(plan).toHaveCount(0);
  await earlier
    .getByRole('button', { name: /^Go back/ })
    .last()
    .click();
  await button(plan, 'Go back').click();
  await pushed(card);
  const conf = await readFile(join(brokerDirectory(console, hall), 'live', 'mosquitto.conf'), 'utf8');
  expect(conf).toContain('max_packet_size 20000');
  expect(conf).not.toContain('max_queued_messages');
});

test("the broker's files are saved as a tar, after a warning", async ({ page, console, complaints: _ }) => {
  const { card } = await openHall(page, console);
  await card.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: 'Save files' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Secrets are inside')).toBeVisible();
  await dialog.getByLabel('Path of the JWT plugin there').fill('not a path');
  await dialog.getByRole('button', { name: 'Save files' }).click();
  await expect(dialog.getByText(/must be an absolute path/)).toBeVisible();
  await dialog.getByLabel('Path of the JWT plugin there').fill('');
  await dialog.getByText('2.1 or later').click();
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save files' }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toMatch(/\.tar$/);
  const tar = (await readFile(await saved.path())).toString('latin1');
  expect(tar).toContain('install.sh');
  expect(tar).toContain('listener_allow_anonymous false');
});

test('the push of a console that is gone is undone by the word of the operator', async ({
  page,
  console,
  complaints: _,
}) => {
  const hall = await openHall(page, console);
  const { card } = hall;
  await push(card);
  const mark = { pushId: 'of-another', startedBy: 'anna on laptop-7', startedAt: '2026-01-02T03:04:05.000Z' };
  const directory = join(brokerDirectory(console, hall), 'push');
  await mkdir(directory);
  await writeFile(join(directory, 'mark.json'), JSON.stringify({ ...mark, step: 'opened', wasRunning: true }));
  await button(card, 'Look again').click();
  await expect(card.getByText(/anna on laptop-7, since 2026-01-0/)).toBeVisible();
  await expect(card.getByText('Push not ended')).toBeVisible();
  await expect(button(card, 'Push')).toBeDisabled();
  await button(card, 'Undo it').click();
  await page.getByLabel(/to confirm/).fill('Hall 3');
  await page.getByRole('button', { name: 'Undo the push' }).click();
  await expect(card.getByText('Ended: the push that was cut off')).toBeVisible({ timeout: 60_000 });
  await expect(card.getByRole('region', { name: 'Probes after undoing' })).toBeVisible();
  await expect(button(card, 'Push')).toBeEnabled();
});

test('from half of its life on the CRL asks to be renewed, and one press renews it', async ({
  page,
  console,
  complaints: _,
}) => {
  const { card } = await openHall(page, console);
  await push(card);
  await expect(button(card, 'Renew now')).toHaveCount(0);
  const before = await call(console, '/authority');
  const halfYear = 200 * 86_400_000;
  await page.clock.setFixedTime(Date.now() + halfYear);
  await page.reload();
  await expect(card.getByText(/revocation list of this broker ends in 1\d\d days/)).toBeVisible();
  await button(card, 'Renew now').click();
  await pushed(card);
  const number = (authority: unknown) => Number(/"number":(\d+)/.exec(JSON.stringify(authority))?.[1]);
  expect(number(await call(console, '/authority'))).toBe(number(before) + 1);
  await page.clock.setFixedTime(Date.now());
  await page.reload();
  await expect(card.getByText('Running', { exact: true })).toBeVisible();
  await expect(button(card, 'Renew now')).toHaveCount(0);
});
