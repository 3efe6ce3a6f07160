import { SegmentedControl } from '@mantine/core';
import { type Icon, IconArchive, IconCircleCheck, IconDeviceUsb } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { BundleState, OfflineBundle } from '../../../../shared/model/offline.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href } from '../../../app/route.ts';
import { readyValue } from '../../../app/snapshot.ts';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { StatusBadge, type Tone } from '../../../ui/StatusBadge.tsx';
import { dateTime } from '../../../ui/time.ts';
import { type Column, VirtualTable } from '../../../ui/VirtualTable.tsx';
import classes from './BundlesPanel.module.css';

const signs: Record<BundleState, { readonly tone: Tone; readonly icon: Icon; readonly word: string }> = {
  open: { tone: 'working', icon: IconDeviceUsb, word: 'Open' },
  imported: { tone: 'normal', icon: IconCircleCheck, word: 'Installed' },
  void: { tone: 'off', icon: IconArchive, word: 'Void' },
};

const meanings: Record<BundleState, string> = {
  open: 'No receipt has come back yet.',
  imported: 'Its receipt has come back.',
  void: 'Its credential was superseded or revoked before a receipt came back.',
};

const columnsFor = (nameOf: (bundle: OfflineBundle) => string): readonly Column<OfflineBundle>[] => [
  {
    name: 'Plant',
    width: 'minmax(150px, 1.4fr)',
    cell: (bundle) => (
      <>
        <a className={classes.line} href={href('plants', bundle.plantId, 'device')} title={nameOf(bundle)}>
          {nameOf(bundle)}
        </a>
        <span className={classes.small}>{bundle.keyIsOnDevice ? 'answers a request' : 'with its secrets'}</span>
      </>
    ),
  },
  {
    name: 'State',
    width: '130px',
    cell: ({ state }) => {
      const { tone, icon, word } = signs[state];
      return (
        <span title={meanings[state]}>
          <StatusBadge tone={tone} icon={icon}>
            {word}
          </StatusBadge>
        </span>
      );
    },
  },
  {
    name: 'File and its SHA-256',
    width: 'minmax(240px, 2fr)',
    cell: ({ fileName, sha256 }) => (
      <span className={classes.file}>
        <span className={classes.words}>
          <span className={`mono ${classes.line}`} title={fileName}>
            {fileName}
          </span>
          <span className={`mono ${classes.line} ${classes.small}`} title={sha256}>
            {sha256}
          </span>
        </span>
        <CopyButton text={sha256} what={`SHA-256 of ${fileName}`} />
      </span>
    ),
  },
  {
    name: 'Saved, came back',
    width: '158px',
    cell: ({ exportedAt, importedAt }) => (
      <>
        <span className={classes.line}>{dateTime(exportedAt)}</span>
        <span className={`${classes.line} ${classes.small}`}>{importedAt ? dateTime(importedAt) : '—'}</span>
      </>
    ),
  },
];

/** What left on a stick: what is still out there, what arrived, and what is not worth installing any more. */
export function BundlesPanel() {
  const { offline, plants } = useConsole();
  const { bundles, refresh } = useStore(offline);
  const register = useStore(plants, (store) => readyValue(store.register));
  const [state, setState] = useState<BundleState | null>(null);
  const names = new Map(register?.items.map(({ plantId, name }) => [plantId, name]));
  const nameOf = ({ plantId }: OfflineBundle) => names.get(plantId) ?? plantId;
  const countOf = (wanted: BundleState) =>
    (readyValue(bundles) ?? []).filter((bundle) => bundle.state === wanted).length;
  return (
    <Panel
      title="Bundles"
      actions={
        <SegmentedControl
          aria-label="State of bundles"
          value={state ?? ''}
          onChange={(value) => setState(value in signs ? (value as BundleState) : null)}
          data={[
            { value: '', label: 'All' },
            ...(['open', 'imported', 'void'] as const).map((value) => ({
              value,
              label: `${signs[value].word} (${countOf(value)})`,
            })),
          ]}
        />
      }
    >
      <SnapshotView snapshot={bundles} onRetry={() => void refresh()}>
        {(all) => {
          const shown = all.filter((bundle) => state === null || bundle.state === state);
          if (shown.length === 0)
            return <div>{all.length === 0 ? 'Nothing was saved yet.' : 'None is in this state.'}</div>;
          return (
            <div className={classes.table}>
              <VirtualTable
                label="Bundles"
                rows={shown}
                columns={columnsFor(nameOf)}
                keyOf={({ bundleId }) => bundleId}
              />
            </div>
          );
        }}
      </SnapshotView>
    </Panel>
  );
}
