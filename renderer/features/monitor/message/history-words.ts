import type { TopicHistory } from '../../../../shared/model/message-history.ts';
import { amount, grouped } from '../words.ts';

/** How many of a topic's messages are shown, and what became of the others. */
export function historyWords({
  messages,
  hasMore,
  heard,
  allTopics,
}: Omit<TopicHistory, 'messages'> & {
  readonly messages: readonly unknown[];
}): string {
  const shown = messages.length;
  const missing = heard - shown;
  if (hasMore) return `The newest ${grouped(shown)} of ${amount(heard, 'message', 'messages')} heard.`;
  if (missing <= 0) return `${amount(heard, 'message', 'messages')} heard, newest first.`;
  if (allTopics.kept + allTopics.evicted === 0) {
    return 'No earlier message is kept: the budget for them is 0. It is set with what to listen to.';
  }
  const others = `${amount(missing, 'older one', 'older ones')} had to make room for newer messages of all topics`;
  const budget = 'the budget for earlier messages is set with what to listen to';
  return `${grouped(shown)} of ${amount(heard, 'message', 'messages')} heard; ${others}: ${budget}.`;
}
