import { Button } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../../app/console-context.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { ChangesView } from './ChangesView.tsx';
import { HistoryList } from './HistoryList.tsx';
import { MessageView } from './MessageView.tsx';
import { useFollow } from './use-follow.ts';

/** What of a topic is shown. */
export type Part = 'value' | 'changes' | 'history';

type Asked = { readonly brokerId: string; readonly topic: string };

/** The last message of a topic, or the earlier one that was opened, in one of its parts. */
export function TopicPart({ topic, part, onPart }: { topic: string; part: Part; onPart: (part: Part) => void }) {
  const { monitor } = useConsole();
  const brokerId = useStore(monitor, (state) => state.brokerId) ?? '';
  const [openedId, setOpenedId] = useState<number | null>(null);
  const asked = { brokerId, topic };
  const goBack = () => setOpenedId(null);
  const open = (messageId: number) => {
    setOpenedId(messageId);
    onPart('value');
  };
  switch (part) {
    case 'value':
      return openedId === null ? (
        <LastMessage topic={topic} />
      ) : (
        <PastMessage asked={asked} messageId={openedId} onBack={goBack} />
      );
    case 'changes':
      return <Changes asked={asked} openedId={openedId} />;
    case 'history':
      return <Earlier asked={asked} openedId={openedId} onOpen={open} />;
  }
}

function LastMessage({ topic }: { topic: string }) {
  const { monitor } = useConsole();
  const message = useStore(monitor, (state) => state.message);
  const retry = useStore(monitor, (state) => state.retryMessage);
  return (
    <SnapshotView snapshot={message} onRetry={retry}>
      {(content) =>
        content ? (
          <MessageView topic={topic} message={content} count={content.messageCount} />
        ) : (
          <p>The monitor no longer holds a message of this topic.</p>
        )
      }
    </SnapshotView>
  );
}

function PastMessage({ asked, messageId, onBack }: { asked: Asked; messageId: number; onBack: () => void }) {
  const { client } = useConsole();
  const [message, retry] = useFollow(`${messageId}`, null, () => client.monitor.pastMessage({ ...asked, messageId }));
  return (
    <>
      <Button variant="default" onClick={onBack}>
        Back to the last message
      </Button>
      <SnapshotView snapshot={message} onRetry={retry}>
        {(content) =>
          content ? (
            <MessageView topic={asked.topic} message={content} />
          ) : (
            <p>This message had to make room for newer ones.</p>
          )
        }
      </SnapshotView>
    </>
  );
}

/** The largest payload that is compared. */
const comparedBytes = 262_144;

function Changes({ asked, openedId }: { asked: Asked; openedId: number | null }) {
  const { client, monitor } = useConsole();
  const newest = useStore(monitor, (state) => state.picture.selectedMessages);
  const isLast = openedId === null;
  const [pair, retry] = useFollow(`${openedId}`, isLast ? newest : null, () =>
    client.monitor.history({
      ...asked,
      limit: 2,
      payloadBytes: comparedBytes,
      ...(!isLast && { before: openedId + 1 }),
    }),
  );
  return (
    <SnapshotView snapshot={pair} onRetry={retry}>
      {({ messages }) => <ChangesView messages={messages} />}
    </SnapshotView>
  );
}

const listed = 200;

function Earlier({
  asked,
  openedId,
  onOpen,
}: {
  asked: Asked;
  openedId: number | null;
  onOpen: (messageId: number) => void;
}) {
  const { client, monitor } = useConsole();
  const newest = useStore(monitor, (state) => state.picture.selectedMessages);
  const [history, retry] = useFollow(asked.topic, newest, () =>
    client.monitor.history({ ...asked, limit: listed, payloadBytes: 256 }),
  );
  return (
    <SnapshotView snapshot={history} onRetry={retry}>
      {(content) => <HistoryList history={content} opened={openedId} onOpen={onOpen} />}
    </SnapshotView>
  );
}
