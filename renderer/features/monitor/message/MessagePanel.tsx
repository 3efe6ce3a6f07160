import { SegmentedControl } from '@mantine/core';
import { IconHandClick } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { visibleText } from '../../../../shared/model/visible-text.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { PlotPanel } from '../plots/PlotPanel.tsx';
import { PublishButton } from '../publish/PublishButton.tsx';
import classes from './Message.module.css';
import { type Part, TopicPart } from './TopicPart.tsx';

const parts = [
  { value: 'value', label: 'Value' },
  { value: 'changes', label: 'Changes' },
  { value: 'history', label: 'History' },
  { value: 'plot', label: 'Plot' },
] as const satisfies readonly { readonly value: Part | 'plot'; readonly label: string }[];

/** The chosen topic: its last message or an earlier one in full, what changed, and the plot. Nothing is published to a recording. */
export function MessagePanel({ isReplay = false }: { isReplay?: boolean }) {
  const { monitor } = useConsole();
  const topic = useStore(monitor, (state) => state.selectedTopic);
  const [part, setPart] = useState<Part | 'plot'>('value');
  return (
    <section className={classes.panel} aria-label="Message">
      <div className={classes.topic}>
        {topic !== null && (
          <>
            <span className={`mono ${classes.path}`}>{visibleText(topic)}</span>
            <CopyButton text={topic} what="topic" />
          </>
        )}
        {!isReplay && <PublishButton />}
      </div>
      <SegmentedControl
        aria-label="Show of the topic"
        fullWidth
        value={part}
        onChange={(value) => setPart(value)}
        data={[...parts]}
      />
      {part === 'plot' ? (
        <PlotPanel />
      ) : topic === null ? (
        <EmptyState icon={IconHandClick} title="No topic chosen">
          Choose a topic at the left to read its last message in full.
        </EmptyState>
      ) : (
        <TopicPart key={topic} topic={topic} part={part} onPart={setPart} />
      )}
    </section>
  );
}
