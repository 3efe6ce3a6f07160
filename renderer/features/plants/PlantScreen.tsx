import { Anchor, Tabs } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { type Plant, plantIdSchema } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href, navigate } from '../../app/route.ts';
import layout from '../../ui/layout.module.css';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { DeviceTab } from './DeviceTab.tsx';
import { OverviewTab } from './OverviewTab.tsx';
import { SecurityTab } from './SecurityTab.tsx';
import { methodWords, PlantStatusBadge } from './words.tsx';

const tabs = ['overview', 'security', 'device'] as const;
const tabWords = { overview: 'Overview', security: 'Security', device: 'Device' } as const;

const back = (
  <Anchor href={href('plants')} underline="hover" inline>
    <IconArrowLeft size={16} aria-hidden /> Plants
  </Anchor>
);

/** One plant. `id` comes from the address and may be anything. */
export function PlantScreen({ id, tab }: { id: string; tab: string | null }) {
  const { plant, open, refresh } = useStore(useConsole().plantDetail);
  const plantId = plantIdSchema.safeParse(id).data;
  useEffect(() => {
    if (plantId) open(plantId);
  }, [plantId, open]);
  if (!plantId) {
    return (
      <div className={layout.screen}>
        {back}
        <Notice tone="fault">This address names no plant: “{id}” is not a UUID.</Notice>
      </div>
    );
  }
  return (
    <div className={layout.screen}>
      <SnapshotView snapshot={plant} onRetry={() => void refresh()}>
        {(value) => <OpenPlant plant={value} tab={tabs.find((known) => known === tab) ?? 'overview'} />}
      </SnapshotView>
    </div>
  );
}

function OpenPlant({ plant, tab }: { plant: Plant; tab: (typeof tabs)[number] }) {
  const { plantId, name, site, authMethod, status } = plant;
  return (
    <>
      <PageHeader
        above={back}
        title={name}
        about={[site, `${methodWords[authMethod]} authentication`].filter(Boolean).join(' · ')}
      >
        <PlantStatusBadge status={status} />
      </PageHeader>
      <Tabs value={tab} onChange={(value) => value && navigate(href('plants', plantId, value))}>
        <Tabs.List mb={18}>
          {tabs.map((value) => (
            <Tabs.Tab key={value} value={value}>
              {tabWords[value]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <OverviewTab plant={plant} />
        </Tabs.Panel>
        <Tabs.Panel value="security">
          <SecurityTab plant={plant} />
        </Tabs.Panel>
        <Tabs.Panel value="device">
          <DeviceTab plant={plant} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
