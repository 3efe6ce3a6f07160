// How credentials reach many devices. Each way is a tab.

import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { href, navigate } from '../../app/route.ts';
import layout from '../../ui/layout.module.css';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { CampaignsTab } from './campaigns/CampaignsTab.tsx';
import { OfflineTab } from './offline/OfflineTab.tsx';

type Way = {
  /** In the address: `#/deployments/{value}/{id}`. */
  readonly value: string;
  readonly word: string;
  readonly about: string;
  readonly content: (id: string | null) => ReactNode;
};

const campaigns: Way = {
  value: 'campaigns',
  word: 'Campaigns',
  about: 'New credentials for many plants, each device by itself, verified and reversible.',
  content: (id) => <CampaignsTab id={id} />,
};
const offline: Way = {
  value: 'offline',
  word: 'Without a network',
  about: 'Credentials leave on a stick, and receipts come back on it.',
  content: (id) => <OfflineTab plantId={id} />,
};
const ways: readonly Way[] = [campaigns, offline];

/** `tab` and `id` come from the address and may be anything. */
export function DeploymentsScreen({ tab, id }: { tab: string | null; id: string | null }) {
  const way = ways.find(({ value }) => value === tab) ?? campaigns;
  return (
    <div className={layout.screen}>
      <PageHeader title="Deployments" about={id === null && way.about} />
      <Tabs value={way.value} onChange={(value) => value && navigate(href('deployments', value))}>
        <Tabs.List>
          {ways.map(({ value, word }) => (
            <Tabs.Tab key={value} value={value}>
              {word}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {way.content(id)}
    </div>
  );
}
