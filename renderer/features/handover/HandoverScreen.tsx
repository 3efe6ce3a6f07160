import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import layout from '../../ui/layout.module.css';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { HandoverList } from './HandoverList.tsx';
import { MakeHandover } from './MakeHandover.tsx';

/** What was commissioned, given to whoever owns the plant. */
export function HandoverScreen() {
  const { handovers, plants, recordings } = useConsole();
  const { list, refresh } = useStore(handovers);
  const register = useStore(plants, (state) => state.register);
  const recorded = useStore(recordings, (state) => state.list);
  useEffect(() => void recordings.getState().refresh(), [recordings]);
  return (
    <div className={layout.screen}>
      <PageHeader
        title="Handover"
        about="The signed record of what was commissioned, for the owner of the plant. Years from now, openssl alone tells whether it is whole."
      />
      <SnapshotView snapshot={register} onRetry={() => void plants.getState().refresh()}>
        {({ items }) => (
          <SnapshotView snapshot={recorded} onRetry={() => void recordings.getState().refresh()}>
            {(known) => <MakeHandover plants={items} recordings={known} />}
          </SnapshotView>
        )}
      </SnapshotView>
      <Panel title="Records that were made">
        <SnapshotView snapshot={list} onRetry={() => void refresh()}>
          {(made) => <HandoverList handovers={made} />}
        </SnapshotView>
      </Panel>
    </div>
  );
}
