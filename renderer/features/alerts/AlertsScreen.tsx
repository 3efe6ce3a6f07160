import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import layout from '../../ui/layout.module.css';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { AlertsPanel } from './AlertsPanel.tsx';
import { DeafNotice } from './DeafNotice.tsx';
import { RulesPanel } from './RulesPanel.tsx';

/** What was told of, then what the operator wants to be told of. */
export function AlertsScreen() {
  const { overview, refresh } = useStore(useConsole().alerts);
  useEffect(() => void refresh(), [refresh]);
  return (
    <div className={layout.screen}>
      <PageHeader
        title="Alerts"
        about="Rules are judged while the vault is open, whatever you look at. While it is locked they rest, and what happens raises nothing."
      />
      <SnapshotView snapshot={overview} onRetry={() => void refresh()}>
        {(known) => (
          <>
            <DeafNotice known={known} />
            <AlertsPanel known={known} />
            <RulesPanel rules={known.rules} deaf={known.deaf} />
          </>
        )}
      </SnapshotView>
    </div>
  );
}
