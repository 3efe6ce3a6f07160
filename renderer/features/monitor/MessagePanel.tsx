import { SegmentedControl } from '@mantine/core';
import {
  type Icon,
  IconAlertOctagon,
  IconHandClick,
  IconHelpCircle,
  IconShieldCheck,
  IconShieldOff,
} from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { MonitorMessage } from '../../../shared/model/monitor.ts';
import { visibleText } from '../../../shared/model/visible-text.ts';
import { useConsole } from '../../app/console-context.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.tsx';
import { timeOfDay } from '../../ui/time.ts';
import classes from './LiveTopics.module.css';
import { asHex, asJson, asText, decodeBase64, hiddenBytes, type PayloadView } from './payload.ts';

const signatureSigns: Record<MonitorMessage['signature'], { tone: Tone; icon: Icon; word: string }> = {
  valid: { tone: 'normal', icon: IconShieldCheck, word: 'Signature valid' },
  invalid: { tone: 'fault', icon: IconAlertOctagon, word: 'Signature invalid' },
  absent: { tone: 'off', icon: IconShieldOff, word: 'Not signed' },
  unknown: { tone: 'off', icon: IconHelpCircle, word: 'Signature not checked' },
};

/** The last message of the chosen topic, in full, as text only. */
export function MessagePanel() {
  const { monitor } = useConsole();
  const topic = useStore(monitor, (state) => state.selectedTopic);
  const message = useStore(monitor, (state) => state.message);
  const retry = useStore(monitor, (state) => state.retryMessage);
  return (
    <section className={classes.message} aria-label="Message">
      {topic === null ? (
        <EmptyState icon={IconHandClick} title="No topic chosen">
          Choose a topic at the left to read its last message in full.
        </EmptyState>
      ) : (
        <>
          <div className={classes.topic}>
            <span className={`mono ${classes.path}`}>{visibleText(topic)}</span>
            <CopyButton text={topic} what="topic" />
          </div>
          <SnapshotView snapshot={message} onRetry={retry}>
            {(content) =>
              content ? <Message message={content} /> : <p>The monitor no longer holds a message of this topic.</p>
            }
          </SnapshotView>
        </>
      )}
    </section>
  );
}

function Message({ message }: { message: MonitorMessage }) {
  const [view, setView] = useState<PayloadView>('json');
  const bytes = useMemo(() => decodeBase64(message.payloadBase64), [message.payloadBase64]);
  const json = useMemo(() => asJson(bytes), [bytes]);
  const shown: PayloadView = view === 'json' && json === null ? 'text' : view;
  const text = shown === 'hex' ? asHex(bytes) : shown === 'text' ? asText(bytes) : (json ?? '');
  const hidden = hiddenBytes(bytes, shown);
  const sign = signatureSigns[message.signature];
  return (
    <>
      <div>
        <StatusBadge tone={sign.tone} icon={sign.icon}>
          {sign.word}
        </StatusBadge>
      </div>
      <p className={classes.facts}>
        Received {timeOfDay(message.receivedAt)} · {message.payloadBytes} bytes · QoS {message.qos} ·{' '}
        {message.retained ? 'retained' : 'not retained'} · message {message.messageCount} of this topic
      </p>
      <SegmentedControl
        aria-label="Show the payload as"
        value={shown}
        onChange={(value) => setView(value)}
        data={[
          { value: 'json', label: 'JSON', disabled: json === null },
          { value: 'text', label: 'Text' },
          { value: 'hex', label: 'Hex' },
        ]}
      />
      {hidden > 0 && <p className={classes.hidden}>The last {hidden} bytes are not shown.</p>}
      <pre className={classes.payload} data-view={shown}>
        {text || '(empty)'}
      </pre>
    </>
  );
}
