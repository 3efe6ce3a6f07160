// Who is connected, read from what Mosquitto writes about its clients; it has no other way to tell.
// - Only a log that reaches back to the broker's start says all of it; anything less says nothing.
// - A refusal names the client id that was asked for, which may be somebody else's: it ends no session.
// - Client ids are chosen by clients. A line is read from both of its ends, so that an id that looks like a part of a
//   line is read as an id; ids have no control characters, so none makes a line of its own.

import type { BrokerSession } from '../../shared/model/broker-files.ts';
import { optionIsTrue, optionValue, parseConf } from '../../shared/model/mosquitto/conf.ts';
import type { BrokerLine } from '../../shared/model/mosquitto/conf-options.ts';
import { WholeLines } from '../platform/whole-lines.ts';

/** The lines that matter, as an extended regular expression of POSIX, to leave the others where they are. */
export const sessionLinePattern =
  'mosquitto version [^ ]+ (starting|running|terminating)|New client connected from |Client .*(disconnect|closed its connection)|Bad socket read/write on client ';

const matters = new RegExp(sessionLinePattern);
const timestamp = /^(?:(\d+)|\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}\S*): /;
const begins = /^mosquitto version \S+ (?:starting|running)$/;
const terminates = /^mosquitto version \S+ terminating$/;
const connects = /^New client connected from \S+ as (.*) \(p\d+, c[01], k\d+(?:, u'(.*)')?\)\.$/;
const disconnects = [
  /^Client (.*) (?:closed its connection|disconnected|disconnected due to [^.]*|has exceeded timeout, disconnecting)\.$/,
  /^Client (.*) been disconnected by administrative action\.$/,
  /^Client (.*) disconnected: (?!not authorised).*\.$/,
  /^Bad socket read\/write on client (.*): [^:]*$/,
];
/** Mosquitto 2.1 names it behind the id. */
const addressAtEnd = / \[\S*\]$/;

export class SessionLog {
  /** By client id; undefined while the beginning is not known. */
  #live: Map<string, BrokerSession> | undefined;
  readonly #pieces = new WholeLines();

  /** Takes a piece of the log as it comes. A broker may write lines for each message: a piece is looked through first. */
  write(text: string): void {
    const whole = this.#pieces.take(text);
    if (matters.test(whole)) for (const line of whole.split('\n')) this.take(line);
  }

  take(line: string): void {
    const [stamp = '', seconds] = timestamp.exec(line) ?? [];
    const text = line.slice(stamp.length).trimEnd();
    if (begins.test(text)) this.#live = new Map();
    else if (terminates.test(text)) this.#live = undefined;
    else if (this.#live) this.#follow(this.#live, text, seconds);
  }

  /** Undefined where the log does not say. */
  sessions(): readonly BrokerSession[] | undefined {
    return this.#live && [...this.#live.values()];
  }

  #follow(live: Map<string, BrokerSession>, text: string, seconds: string | undefined): void {
    const [isConnect, clientId = '', username = ''] = connects.exec(text) ?? [];
    if (isConnect !== undefined) {
      const connectedAt = seconds === undefined ? null : new Date(Number(seconds) * 1000).toISOString();
      live.set(clientId, { clientId, username, connectedAt });
      return;
    }
    // Only the first that fits: what fits a later one as well is an id that looks like the end of a line.
    const pattern = disconnects.find((candidate) => candidate.test(text));
    const ended = pattern?.exec(text)?.[1];
    if (ended !== undefined && !live.delete(ended)) live.delete(ended.replace(addressAtEnd, ''));
  }
}

/** Whether a broker with this configuration writes down who comes and goes. */
export function logsSessions(conf: string, line: BrokerLine): boolean {
  const { options } = parseConf(conf, line).value;
  const types = options.filter(({ keyword }) => keyword === 'log_type').map(({ value }) => value);
  const isWritten =
    types.length === 0 || types.includes('all') || ['notice', 'information'].every((type) => types.includes(type));
  const isSilenced =
    optionValue(options, 'connection_messages') !== undefined && !optionIsTrue(options, 'connection_messages');
  return isWritten && !isSilenced && !types.includes('none');
}
