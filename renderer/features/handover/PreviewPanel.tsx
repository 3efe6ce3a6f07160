// What the record would say now. It is asked for anew whenever the choice or the register has changed, and a little later,
// so that a row of clicks asks once.

import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { HandoverChoice, HandoverPreview, HandoverRemark } from '../../../shared/model/handover.ts';
import { useConsole } from '../../app/console-context.tsx';
import { ask, type Snapshot, waiting } from '../../app/snapshot.ts';
import { Fact, Facts, Panel } from '../../ui/Panel.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { sizeWords } from '../monitor/recordings/words.ts';
import classes from './Handover.module.css';

const pauseMs = 300;

type Wishes = { readonly asked: HandoverChoice | null; readonly recordingIds: readonly string[] };

export function PreviewPanel({ asked, recordingIds }: Wishes) {
  const { snapshot, retry } = usePreview({ asked, recordingIds });
  return (
    <Panel title="What it says">
      {asked === null ? (
        <p>Choose what is handed over.</p>
      ) : (
        <SnapshotView snapshot={snapshot} onRetry={retry}>
          {(preview) => <Preview preview={preview} recordings={recordingIds.length} />}
        </SnapshotView>
      )}
    </Panel>
  );
}

function usePreview({ asked, recordingIds }: Wishes) {
  const { client, plants, brokers, authority } = useConsole();
  const [answered, setAnswered] = useState<{ words: string | null; snapshot: Snapshot<HandoverPreview> }>({
    words: null,
    snapshot: waiting,
  });
  const [tries, setTries] = useState(0);
  const register = useStore(plants, (state) => state.register);
  const brokerList = useStore(brokers, (state) => state.list);
  const known = useStore(authority, (state) => state.authority);
  const words = asked && JSON.stringify({ plants: asked, recordingIds });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the register says is not read here, but asked for.
  useEffect(() => {
    if (words === null) return;
    let isCurrent = true;
    const timer = window.setTimeout(async () => {
      const snapshot = await ask(() => client.handovers.preview(JSON.parse(words)));
      if (isCurrent) setAnswered({ words, snapshot });
    }, pauseMs);
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [client, words, tries, register, brokerList, known]);
  // What was said of another choice is not shown for this one: with thousands of plants an answer takes seconds.
  const snapshot = answered.words === words ? answered.snapshot : waiting;
  return { snapshot, retry: () => setTries(tries + 1) };
}

function Preview({ preview, recordings }: { preview: HandoverPreview; recordings: number }) {
  const { plants, active, brokers, recordingBytes, remarkCount, remarks } = preview;
  return (
    <>
      <Facts>
        <Fact name="Plants">
          {plants}, of which {active} active
        </Fact>
        <Fact name="Brokers">{brokers.length === 0 ? 'none' : brokers.join(', ')}</Fact>
        {recordings > 0 && (
          <Fact name="Recordings">
            {recordings}, {sizeWords(recordingBytes)}
          </Fact>
        )}
      </Facts>
      <h3 className={classes.heading}>{remarkCount === 0 ? 'Nothing to remark' : `It will remark (${remarkCount})`}</h3>
      {remarkCount > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so must be reached by the keyboard.
        <ul className={classes.remarks} aria-label="Remarks" tabIndex={0}>
          {remarks.map((remark) => (
            <Remark key={`${remark.kind} ${remark.id} ${remark.name} ${remark.text}`} remark={remark} />
          ))}
          {remarkCount > remarks.length && <li>and {remarkCount - remarks.length} more</li>}
        </ul>
      )}
    </>
  );
}

const Remark = ({ remark: { name, text } }: { remark: HandoverRemark }) => (
  <li>
    <strong>{name}</strong> {text}
  </li>
);
