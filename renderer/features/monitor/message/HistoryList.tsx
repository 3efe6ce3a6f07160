import type { TopicHistory } from '../../../../shared/model/message-history.ts';
import { exactTimeOfDay } from '../../../ui/time.ts';
import { amount } from '../words.ts';
import { historyWords } from './history-words.ts';
import classes from './Message.module.css';
import { asText, decodeBase64 } from './payload-text.ts';

/** Earlier messages of a topic, newest first; one of them can be opened. */
export function HistoryList({
  history,
  opened,
  onOpen,
}: {
  history: TopicHistory;
  opened: number | null;
  onOpen: (messageId: number) => void;
}) {
  const { messages } = history;
  return (
    <>
      <p className={classes.hidden}>{historyWords(history)}</p>
      <ul className={classes.history} aria-label="Earlier messages">
        {messages.map(({ messageId, receivedAt, payloadBase64, payloadBytes, retained }) => (
          <li key={messageId}>
            <button type="button" aria-pressed={opened === messageId} onClick={() => onOpen(messageId)}>
              <span className={classes.time}>{exactTimeOfDay(receivedAt)}</span>
              <span className={classes.preview}>{asText(decodeBase64(payloadBase64)).replaceAll('\n', ' ')}</span>
              <span className={classes.hidden}>
                {retained && 'retained · '}
                {amount(payloadBytes, 'byte', 'bytes')}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
