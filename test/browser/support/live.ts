// A window that shows the live topics of real Mosquittos, and clients that publish to them.

import type { Locator, Page } from '@playwright/test';
import mqtt, { type MqttClient } from 'mqtt';
import { type LiveBroker, startLiveBroker } from '../../support/live-broker.ts';
import { type ContractClient, withContract } from './contract-client.ts';
import { createVault, openScreen, quickAuthority } from './fixtures.ts';
import type { HeadlessConsole } from './headless-console.ts';

export const senderTo = ({ port, login }: LiveBroker): Promise<MqttClient> =>
  mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { ...login, protocolVersion: 5 });

/** A vault with an authority, and a broker that the console listens to as it does at first, to all plants. */
export async function openPlants(page: Page, console: HeadlessConsole, name = 'Site'): Promise<LiveBroker> {
  const broker = await openVaultWith(page, console, (client) => startLiveBroker(client, name));
  await openScreen(page, 'Live topics');
  return broker;
}

/** The same, to every topic; it is shown. */
export async function openLive(page: Page, console: HeadlessConsole, name = 'Site'): Promise<LiveBroker> {
  const broker = await openVaultWith(page, console, async (client) => {
    const started = await startLiveBroker(client, name);
    await client.monitor.connect({ brokerId: started.brokerId, filters: ['#'] });
    return started;
  });
  await openScreen(page, 'Live topics');
  return broker;
}

async function openVaultWith<T>(
  page: Page,
  console: HeadlessConsole,
  work: (client: ContractClient) => Promise<T>,
): Promise<T> {
  await createVault(page, console.url);
  return await withContract(console, async (client) => {
    await client.authority.create(quickAuthority as Parameters<typeof client.authority.create>[0]);
    return await work(client);
  });
}

export const topicTree = (page: Page): Locator => page.getByRole('tree', { name: 'Topic tree' });

export const topicRow = (page: Page, name: string): Locator =>
  topicTree(page)
    .getByRole('treeitem')
    .filter({ has: page.getByText(name, { exact: true }) });
