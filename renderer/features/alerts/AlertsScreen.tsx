import { IconBell } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { AlertOverview } from '../../../shared/model/alert.ts';
import { useConsole } from '../../app/console-context.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import layout from '../../ui/layout.module.css';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import classes from './Alerts.module.css';
import { AlertTable } from './AlertTable.tsx';
import { RulesPanel } from './RulesPanel.tsx';

/** Open alerts first, then what the operator wants to be told of, then the log. */
export function AlertsScreen() {
  const { overview, refresh } = useStore(useConsole().alerts);
  useEffect(() => void refresh(), [refresh]);
  return (
    <div className={layout.screen}>
      <PageHeader
        title="Alerts"
        about="Judged while a broker is listened to under Live topics. They rest while the vault is locked: what happens meanwhile raises nothing."
      />
      <SnapshotView snapshot={overview} onRetry={() => void refresh()}>
        {(known) => <Overview known={known} />}
      </SnapshotView>
    </div>
  );
}

function Overview({ known }: { known: AlertOverview }) {
  const open = known.alerts.filter(({ endedAt }) => endedAt === null);
  const ended = known.alerts.filter(({ endedAt }) => endedAt !== null);
  return (
    <>
      <Resting known={known} />
      <Panel title={open.length === 0 ? 'Open alerts' : `Open alerts (${known.open})`}>
        {open.length === 0 ? (
          <EmptyState icon={IconBell} title="No alert is open" />
        ) : (
          <AlertTable label="Open alerts" alerts={open} />
        )}
        <Left known={known} />
      </Panel>
      <RulesPanel rules={known.rules} />
      <Panel title="Log">
        {ended.length === 0 ? (
          <p className={classes.dim}>Alerts that have ended are kept here, the newest thousand.</p>
        ) : (
          <AlertTable label="Log" alerts={ended} />
        )}
      </Panel>
    </>
  );
}

/** Where nothing is judged although there are rules. */
function Resting({ known: { rules, listening } }: { known: AlertOverview }) {
  if (!rules.some(({ isEnabled }) => isEnabled)) return null;
  const away = listening.filter(({ isConnected }) => !isConnected).map(({ brokerName }) => brokerName);
  if (listening.length === 0) {
    return (
      <Notice tone="attention">No broker is listened to, so the rules rest. Connect one under Live topics.</Notice>
    );
  }
  return away.length === 0 ? null : (
    <Notice tone="attention">Not connected, so the rules rest there: {away.join(', ')}.</Notice>
  );
}

/** What was not looked at, or not kept. Never silently. */
function Left({ known: { skipped, notKept, unbelieved } }: { known: AlertOverview }) {
  const parts = [
    skipped > 0 && `${skipped} messages came too fast or were too large to be judged each`,
    notKept > 0 && `${notKept} alerts found no room`,
    unbelieved > 0 && `${unbelieved} alarms were not believed, since their signature is not the plant’s`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? null : <p className={classes.dim}>{parts.join('; ')}.</p>;
}
