// A window that shows the live topics of real Mosquittos, and clients that publish to them.

import type { Locator, Page } from '@playwright/test';
import mqtt, { type MqttClient } from 'mqtt';
import { type LiveBroker, startLiveBroker } from '../../support/live-broker.ts';
import { withContract } from './contract-client.ts';
import { createVault, openScreen, quickAuthority } from './fixtures.ts';
import type { HeadlessConsole } from './headless-console.ts';

export const senderTo = ({ port, login }: LiveBroker): Promise<MqttClient> =>
  mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { ...login, protocolVersion: 5 });

/** A vault with an authority, and a broker whose every topic the console listens to; it is shown. */
export async function openLive(page: Page, console: HeadlessConsole, name = 'Site'): Promise<LiveBroker> {
  await createVault(page, console.url);
  const broker = await withContract(console, async (client) => {
    await client.authority.create(quickAuthority as Parameters<typeof client.authority.create>[0]);
    const started = await startLiveBroker(client, name);
    await client.monitor.connect({ brokerId: started.brokerId, filters: ['#'] });
    return started;
  });
  await openScreen(page, 'Live topics');
  return broker;
}

export const topicRow = (page: Page, name: string): Locator =>
  page
    .getByRole('tree', { name: 'Topic tree' })
    .getByRole('treeitem')
    .filter({ has: page.getByText(name, { exact: true }) });
