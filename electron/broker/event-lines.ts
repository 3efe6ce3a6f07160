// What a broker writes beside the traffic of messages: who came, who was refused, what it complains of. With
// `log_type all` it writes several lines a message, and the last lines of its log are hardly ever the ones that matter.
// - A line is judged by its beginning, which no client chooses: ids and topics stand further behind.

import { RecentLines } from '../platform/recent-lines.ts';
import { WholeLines } from '../platform/whole-lines.ts';

/** Lines about messages and pings, as an extended regular expression of POSIX, to leave them where they are. */
export const messageLinePattern =
  '^([0-9]+: |[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:]{8}[^ ]*: )?(Received|Sending) (PUB(LISH|ACK|REC|REL|COMP)|PING(REQ|RESP)) ';

/** A login is up to five lines. */
export const keptEvents = 500;

/** The last lines of a log that are not about messages. */
export class EventLines {
  readonly #lines = new RecentLines(keptEvents);
  readonly #messageLine = new RegExp(messageLinePattern, 'my');
  readonly #pieces = new WholeLines();

  /** Takes a piece of text as it comes; tens of thousands of lines a second may be about messages. */
  write(text: string): void {
    const whole = this.#pieces.take(text);
    let events = '';
    for (let start = 0; start < whole.length; ) {
      const next = whole.indexOf('\n', start) + 1;
      this.#messageLine.lastIndex = start;
      if (!this.#messageLine.test(whole)) events += whole.slice(start, next);
      start = next;
    }
    if (events !== '') this.#lines.write(events);
  }

  all(): readonly string[] {
    return this.#lines.all();
  }
}
