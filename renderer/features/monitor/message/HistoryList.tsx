import type { TopicHistory } from '../../../../shared/model/message-history.ts';
import { timeOfDay } from '../../../ui/time.ts';
import classes from './Message.module.css';
import { asText, decodeBase64 } from './payload-text.ts';

/** Earlier messages of a topic, newest first; one of them can be opened. */
export function HistoryList({
  history: { messages, hasMore },
  opened,
  onOpen,
}: {
  history: TopicHistory;
  opened: number | null;
  onOpen: (messageId: number) => void;
}) {
  if (messages.length === 0)
    return <p className={classes.hidden}>No earlier message is kept. The budget for them is set with the monitor.</p>;
  return (
    <>
      <ul className={classes.history} aria-label="Earlier messages">
        {messages.map(({ messageId, receivedAt, payloadBase64, payloadBytes, retained }) => (
          <li key={messageId}>
            <button type="button" aria-pressed={opened === messageId} onClick={() => onOpen(messageId)}>
              <span>{timeOfDay(receivedAt)}</span>
              <span className={classes.preview}>{asText(decodeBase64(payloadBase64)).replaceAll('\n', ' ')}</span>
              <span className={classes.hidden}>
                {retained && 'retained · '}
                {payloadBytes} bytes
              </span>
            </button>
          </li>
        ))}
      </ul>
      {hasMore && <p className={classes.hidden}>Older messages are kept; these are the newest {messages.length}.</p>}
    </>
  );
}
