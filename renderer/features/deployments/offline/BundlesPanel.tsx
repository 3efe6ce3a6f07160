import { SegmentedControl } from '@mantine/core';
import { type Icon, IconArchive, IconCircleCheck, IconDeviceUsb } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { type BundleState, bundleStates, type OfflineBundle } from '../../../../shared/model/offline.ts';
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
    width: '152px',
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
    name: 'Saved',
    width: '184px',
    cell: ({ exportedAt, importedAt }) => (
      <>
        <span className={classes.line}>{dateTime(exportedAt)}</span>
        <span className={`${classes.line} ${classes.small}`}>
          {importedAt ? `back ${dateTime(importedAt)}` : 'no receipt yet'}
        </span>
      </>
    ),
  },
];

/** What left on a stick: what is still out there, what arrived, and what is not worth installing any more. */
export function BundlesPanel() {
  const { bundles, refresh } = useStore(useConsole().offline);
  const [state, setState] = useState<BundleState | null>(null);
  const all = readyValue(bundles) ?? [];
  const countOf = (wanted: BundleState) => all.filter((bundle) => bundle.state === wanted).length;
  return (
    <Panel
      title="Bundles"
      actions={
        all.length > 0 && (
          <SegmentedControl
            aria-label="State of bundles"
            value={state ?? ''}
            onChange={(value) => setState(bundleStates.find((known) => known === value) ?? null)}
            data={[
              { value: '', label: 'All' },
              ...bundleStates.map((value) => ({ value, label: `${signs[value].word} (${countOf(value)})` })),
            ]}
          />
        )
      }
    >
      <SnapshotView snapshot={bundles} onRetry={() => void refresh()}>
        {(listed) => <BundleTable bundles={listed.filter((bundle) => state === null || bundle.state === state)} />}
      </SnapshotView>
    </Panel>
  );
}

function BundleTable({ bundles }: { bundles: readonly OfflineBundle[] }) {
  const register = useStore(useConsole().plants, (plants) => readyValue(plants.register));
  const names = new Map(register?.items.map(({ plantId, name }) => [plantId, name]));
  if (bundles.length === 0) return <div>None yet.</div>;
  return (
    <div className={classes.table}>
      <VirtualTable
        label="Bundles"
        rows={bundles}
        columns={columnsFor(({ plantId }) => names.get(plantId) ?? plantId)}
        keyOf={({ bundleId }) => bundleId}
      />
    </div>
  );
}
