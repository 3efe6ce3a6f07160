// Publishing from the live topics in a real Chromium: a message and its answer, a template that is saved, edited and used,
// the guard before a live plant, commands with forged, signed and no acknowledgements, and a branch of retained messages.

import type { Locator, Page } from '@playwright/test';
import type { MqttClient } from 'mqtt';
import { signMessage } from '../../electron/credentials/signatures.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { plantTopic } from '../../shared/model/topics.ts';
import { withContract } from './support/contract-client.ts';
import { expect, test } from './support/fixtures.ts';
import type { HeadlessConsole } from './support/headless-console.ts';
import { openLive, senderTo } from './support/live.ts';

const openPublish = async (page: Page): Promise<Locator> => {
  await page.getByRole('region', { name: 'Message' }).getByRole('button', { name: 'Publish' }).click();
  return page.getByRole('dialog', { name: 'Publish to this broker' });
};

/** A live plant on a broker that keeps nobody apart, and a client that may speak for it. */
async function openWithPlant(page: Page, console: HeadlessConsole) {
  const site = await openLive(page, console);
  const plant = await withContract(console, async (client) => {
    const { plantId } = await client.plants.create({ name: 'Hall 3', authMethod: 'PASSWORD' });
    const provisioned = await client.plants.provision({ plantId, brokerId: site.brokerId });
    await client.plants.activate({ plantId });
    return provisioned;
  });
  return { plant, sender: await senderTo(site) };
}

/** Answers the next command as somebody who does not know the secret, and then, if told so, as the plant. */
async function answerNext(sender: MqttClient, { plantId, hmacSecret }: ProvisioningPackage, isThere: boolean) {
  const topic = plantTopic(plantId, 'command');
  await sender.subscribeAsync(topic, { qos: 1 });
  const answer = (heard: string, payload: Buffer) => {
    if (heard !== topic) return;
    sender.off('message', answer);
    const { cmdId } = JSON.parse(payload.toString()) as { cmdId: string };
    const ack = { cmdId, st: 'OK', ts: Date.now(), n: 'abcdef0123456789' };
    const say = (sig: string) => sender.publish(plantTopic(plantId, 'ack'), JSON.stringify({ ...ack, sig }));
    for (let i = 0; i < 6; i++) say('0'.repeat(64));
    if (isThere) say(signMessage('ack', plantId, ack, hmacSecret));
  };
  sender.on('message', answer);
}

test('a message and its answer, and a template that is saved, edited, used and deleted', async ({
  page,
  console,
  complaints: _,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openLive(page, console);
  const dialog = await openPublish(page);
  const topic = dialog.getByLabel('Topic', { exact: true });
  const payload = dialog.getByLabel('Payload', { exact: true });
  const publish = dialog.getByRole('button', { name: 'Publish', exact: true });
  await topic.fill('hall/#');
  await publish.click();
  await expect(dialog.getByText('A topic without wildcards (+, #)')).toBeVisible();
  await topic.fill('hall/lamp');
  await payload.fill('{"on":true}');
  await dialog.getByText('MQTT 5 properties').click();
  await dialog.getByLabel('Correlation data, hex').fill('xyz');
  await publish.click();
  await expect(dialog.getByText('Pairs of hex digits')).toBeVisible();
  await dialog.getByLabel('Correlation data, hex').fill('01 ff');
  await dialog.getByLabel('Content type').fill('application/json');
  await publish.click();
  await expect(dialog.getByText(/The console heard it back/)).toBeVisible();
  // Wherever the form is scrolled to, what can be done is in sight; and a click beside it loses nothing.
  for (const field of [topic, dialog.getByLabel('User properties')]) {
    await field.scrollIntoViewIfNeeded();
    await expect(publish).toBeInViewport({ ratio: 1 });
    await expect(dialog.getByRole('button', { name: 'Close', exact: true }).last()).toBeInViewport({ ratio: 1 });
  }
  await page.mouse.click(1270, 790);
  await expect(payload).toHaveValue('{"on":true}');
  await dialog.getByText('Command to a plant').click();
  await expect(payload).toBeHidden();
  await dialog.getByText('Message', { exact: true }).click();
  await expect(payload).toHaveValue('{"on":true}');
  // What is told is of the last try.
  await topic.fill('hall/#');
  await publish.click();
  await expect(dialog.getByText('A topic without wildcards (+, #)')).toBeVisible();
  await expect(dialog.getByText(/The console heard it back/)).toBeHidden();
  await topic.fill('hall/lamp');

  const choose = async (name: string) => {
    await dialog.getByRole('combobox', { name: 'Template' }).click();
    await page.getByRole('option', { name }).click();
  };
  await dialog.getByLabel('Name of the template').fill('Lamp on');
  await payload.fill('{"password":"hunter2"}');
  await dialog.getByRole('button', { name: 'Save as template' }).click();
  await expect(dialog.getByText(/A template holds no secret/)).toBeVisible();
  await payload.fill('{"on":true}');
  await dialog.getByRole('button', { name: 'Save as template' }).click();
  await payload.fill('{"on":false}');
  await dialog.getByLabel('Name of the template').fill('Lamp off');
  await dialog.getByRole('button', { name: 'Save over it' }).click();
  await expect(dialog.getByRole('combobox', { name: 'Template' })).toHaveValue('Lamp off');
  await payload.fill('');
  await choose('Lamp off');
  await expect(payload).toHaveValue('{"on":false}');
  await expect(dialog.getByLabel('Correlation data, hex')).toHaveValue('01ff');
  await publish.click();
  await expect(dialog.getByText(/The console heard it back/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Delete template' }).click();
  await expect(dialog.getByPlaceholder('None saved yet')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(dialog).toBeHidden();
});

test('a guarded command, with forged, signed and no acknowledgements', async ({ page, console, complaints: _ }) => {
  const { plant, sender } = await openWithPlant(page, console);
  const dialog = await openPublish(page);
  await dialog.getByText('Command to a plant', { exact: true }).click();
  await dialog.getByRole('combobox', { name: 'Plant' }).click();
  await page.getByRole('option', { name: /Hall 3/ }).click();
  const parameters = dialog.getByLabel('Parameters (p)');
  const submit = dialog.getByRole('button', { name: 'Send command' });
  const guard = page.getByRole('dialog', { name: 'This reaches a live plant' });
  await parameters.fill('{"n":12345678901234567890}');
  await submit.click();
  await expect(dialog.getByText(/would be sent as 12345678901234567000/)).toBeVisible();
  await parameters.fill('{"a":1,"a":2}');
  await submit.click();
  await expect(dialog.getByText('“a” stands twice: keep the one that is meant')).toBeVisible();
  await parameters.fill('{"percent": 80}');
  await submit.click();
  await expect(guard.getByText('{"percent":80}')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(guard).toBeHidden();
  await expect(parameters).toHaveValue('{"percent": 80}');
  const send = async () => {
    await submit.click();
    await expect(guard.getByText(/Hall 3: ACTIVE.*a credential of it is out there/)).toBeVisible();
    await guard.getByRole('button', { name: 'Send the command' }).click();
  };
  const fate = dialog.getByRole('region', { name: 'What became of the command' });

  await answerNext(sender, plant, true);
  await send();
  await expect(fate.getByText(/The plant accepted the command .*Signature valid/)).toBeVisible();

  await answerNext(sender, plant, false);
  await send();
  await expect(fate.getByText(/Signature invalid.*6 acknowledgements/)).toBeVisible();
  await expect(fate.getByText('Waiting for the plant to acknowledge it.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Stop waiting' }).click();
  await expect(fate.getByText('Waiting for the plant to acknowledge it.')).toBeHidden();
  await expect(fate.getByText(/accepted/)).toBeHidden();

  await dialog.getByLabel('Wait for the ack, seconds').fill('1');
  await send();
  await expect(fate.getByText('The plant did not acknowledge it within 1 second.')).toBeVisible();
  await sender.endAsync();
});

test('a branch of retained messages is listed and deleted, and a message to a live plant is asked about', async ({
  page,
  console,
  complaints: _,
}) => {
  const { plant, sender } = await openWithPlant(page, console);
  const kept = ['hall', 'hall/lamp', 'hall/a/b', 'hallway', plantTopic(plant.plantId, 'info')];
  for (const topic of kept) await sender.publishAsync(topic, 'kept', { qos: 1, retain: true });
  const dialog = await openPublish(page);
  await dialog.getByText('Delete retained', { exact: true }).click();
  const filter = dialog.getByLabel('Topic filter');
  const listing = dialog.getByRole('button', { name: 'List what is retained' });
  const topics = dialog.getByRole('list', { name: 'Retained topics' }).getByRole('listitem');
  await filter.fill('$SYS/#');
  await expect(listing).toBeDisabled();
  await filter.fill('#');
  await listing.click();
  await expect(topics).toHaveCount(5);
  await filter.fill('hall/#');
  await listing.click();
  await expect(topics).toHaveText(['hall · 4 bytes', 'hall/a/b · 4 bytes', 'hall/lamp · 4 bytes']);
  await dialog.getByRole('button', { name: 'Delete these' }).click();
  const sure = page.getByRole('dialog', { name: 'Delete retained messages for good?' });
  await sure.getByLabel('Type “3” to confirm').fill('3');
  await sure.getByRole('button', { name: 'Delete them' }).click();
  await expect(dialog.getByText('They are gone')).toBeVisible({ timeout: 20_000 });
  await filter.fill('#');
  await listing.click();
  await expect(topics).toHaveCount(2);
  await dialog.getByRole('button', { name: 'Delete these' }).click();
  await expect(sure.getByText(/topics of a live plant.*Hall 3: ACTIVE/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sure).toBeHidden();
  await expect(topics).toHaveCount(2);

  await dialog.getByText('Message', { exact: true }).click();
  await dialog.getByLabel('Topic', { exact: true }).fill(plantTopic(plant.plantId, 'config'));
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  const guard = page.getByRole('dialog', { name: 'This reaches a live plant' });
  await expect(guard.getByText('This is configuration that the plant reads.')).toBeVisible();
  await guard.getByRole('button', { name: 'Do not publish' }).click();
  await expect(dialog.getByText(/The console heard it back/)).toBeHidden();
  // The topmost gone, Esc is for the one below.
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await sender.endAsync();
});
