// The workbench: rules are written, tried and compared here before they are in force.

import { Button, Skeleton, Tabs } from '@mantine/core';
import { IconDeviceFloppy, IconFileExport } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import { href, navigate } from '../../app/route.ts';
import { readyValue } from '../../app/snapshot.ts';
import layout from '../../ui/layout.module.css';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { BrokerTab } from './broker/BrokerTab.tsx';
import { DraftState } from './DraftState.tsx';
import { FindingsTab } from './findings/FindingsTab.tsx';
import { ImportRules } from './ImportRules.tsx';
import { MatrixTab } from './matrix/MatrixTab.tsx';
import { NoRulesYet } from './NoRulesYet.tsx';
import { RulesTab } from './rules/RulesTab.tsx';
import { ServiceTab } from './service/ServiceTab.tsx';
import { type Draft, isChanged } from './store.ts';
import { TryTab } from './try/TryTab.tsx';
import { ActivateVersion } from './versions/ActivateVersion.tsx';
import { SaveVersion } from './versions/SaveVersion.tsx';
import { VersionsTab } from './versions/VersionsTab.tsx';

type Part = {
  /** In the address: `#/policy/{value}/{second}`. */
  readonly value: string;
  readonly word: string;
  readonly content: (draft: Draft, second: string | null) => ReactNode;
};

const rulesPart: Part = {
  value: 'rules',
  word: 'Rules',
  content: (draft, second) => <RulesTab draft={draft} place={second} />,
};
const parts: readonly Part[] = [
  rulesPart,
  { value: 'try', word: 'Try it', content: (draft) => <TryTab draft={draft} /> },
  { value: 'matrix', word: 'Matrix', content: (draft) => <MatrixTab draft={draft} /> },
  { value: 'findings', word: 'Findings', content: (draft) => <FindingsTab draft={draft} /> },
  { value: 'versions', word: 'Versions', content: (draft) => <VersionsTab draft={draft} /> },
  { value: 'broker', word: 'Broker files', content: (draft) => <BrokerTab draft={draft} /> },
  { value: 'service', word: 'Service', content: () => <ServiceTab /> },
];

/** `tab` and `second` come from the address and may be anything. */
export function PolicyScreen({ tab, second }: { tab: string | null; second: string | null }) {
  const { versions, draft, refresh } = useStore(useConsole().policy);
  const part = parts.find(({ value }) => value === tab) ?? rulesPart;
  return (
    <div className={layout.screen}>
      <PageHeader title="Policy" about={draft ? <DraftState draft={draft} /> : 'Who may do what on which topic.'}>
        {draft && <DraftActions draft={draft} />}
      </PageHeader>
      <SnapshotView snapshot={versions} onRetry={() => void refresh()}>
        {(list) =>
          draft ? (
            <>
              <Tabs value={part.value} onChange={(value) => value && navigate(href('policy', value))}>
                <Tabs.List>
                  {parts.map(({ value, word }) => (
                    <Tabs.Tab key={value} value={value}>
                      {word}
                    </Tabs.Tab>
                  ))}
                </Tabs.List>
              </Tabs>
              {part.content(draft, second)}
            </>
          ) : list.length > 0 ? (
            <Skeleton height={120} aria-label="Loading" role="status" />
          ) : (
            <NoRulesYet />
          )
        }
      </SnapshotView>
    </div>
  );
}

function DraftActions({ draft }: { draft: Draft }) {
  const { findings, versions } = useStore(useConsole().policy);
  const [isSaving, setSaving] = useState(false);
  const [activating, setActivating] = useState<number | null>(null);
  const isFaulty = (readyValue(findings)?.faults.length ?? 0) > 0;
  const active = readyValue(versions)?.find(({ isActive }) => isActive)?.version;
  const base = draft.base?.version;
  return (
    <>
      <ImportRules />
      <Button
        leftSection={<IconFileExport size={20} aria-hidden />}
        onClick={() => saveFile(new Blob([draft.text], { type: 'application/json' }), 'celine.json')}
      >
        Export
      </Button>
      {isChanged(draft) ? (
        <Button
          variant="filled"
          disabled={isFaulty}
          leftSection={<IconDeviceFloppy size={20} aria-hidden />}
          onClick={() => setSaving(true)}
        >
          Save…
        </Button>
      ) : (
        base !== undefined &&
        base !== active && (
          <Button variant="filled" onClick={() => setActivating(base)}>
            Put in force…
          </Button>
        )
      )}
      {isSaving && <SaveVersion onClose={() => setSaving(false)} />}
      {activating !== null && <ActivateVersion version={activating} onClose={() => setActivating(null)} />}
    </>
  );
}
