// A recording as CSV (RFC 4180) for a spreadsheet. Topics and payloads come from strangers, and a spreadsheet changes what
// it takes for a formula, a number or a date:
// - A cell that would be run as a formula gets an apostrophe before it (`csvCell`).
// - The whole payload is a data URI (RFC 2397) in base64: base64 alone may begin with + or be all digits. What follows the
//   comma is the payload, whatever it holds.
// - The payload as text is for the eye: bytes that are no UTF-8 are replaced, controls are escapes, and a long one is cut,
//   which … at its end says; a cell of a spreadsheet holds 32,767 characters. `payloadBytes` is its true size.
// - Where something is missing, a line says so in its last column, and has neither topic nor payload. So does the last line
//   of a recording that ends too early.

import { csvCell } from '../../../shared/model/csv-cell.ts';
import type { RecordingEnding } from '../../../shared/model/recording.ts';
import { visibleText } from '../../../shared/model/visible-text.ts';
import type { RecordedLoss, RecordedMessage } from './recorded-message.ts';

/** Characters of a payload that are shown, at most. */
export const shownPayloadLength = 32_000;
/** What is read of it for that, in base64: characters have four bytes at most. */
const shownBase64Length = Math.ceil((shownPayloadLength * 4) / 3) * 4;

/** Escapes are made of no more text than can be shown, and none is shown by half. */
function shownPayload(payloadBase64: string): string {
  const text = Buffer.from(payloadBase64.slice(0, shownBase64Length), 'base64').toString('utf8');
  const shown = visibleText(text.length > shownPayloadLength ? withoutHalf(text.slice(0, shownPayloadLength)) : text);
  if (shown.length <= shownPayloadLength && text.length <= shownPayloadLength) return shown;
  return `${withoutHalf(shown.slice(0, shownPayloadLength))}…`;
}

/** Without the beginning of an escape, or half of a character, at its end. */
const withoutHalf = (text: string): string => text.replace(/\\(u([0-9a-f]{0,3}|\{[0-9a-f]*))?$|[\uD800-\uDBFF]$/, '');

const isoTime = (time: number): string => new Date(time).toISOString();

export const recordingCsvHeader = 'time,topic,qos,retain,payloadBytes,payload,payloadDataUri,missing\r\n';

/** One line, with its end; time as ISO 8601 in UTC. */
export function recordingCsvLine({ time, topic, qos, retain, payloadBase64 }: RecordedMessage): string {
  const bytes = Buffer.byteLength(payloadBase64, 'base64');
  const uri = `"data:application/octet-stream;base64,${payloadBase64}"`;
  const shown = csvCell(shownPayload(payloadBase64));
  return `${isoTime(time)},${csvCell(visibleText(topic))},${qos},${retain},${bytes},${shown},${uri},\r\n`;
}

const lossWords = {
  away: () => 'the connection was away',
  dropped: (messages: number) => `${messages} messages could not be written in time`,
  oversized: (messages: number) => `${messages} messages were too large`,
  droppedByBroker: (messages: number) => `${messages} messages were dropped by the broker, to any of its clients`,
} as const satisfies Record<RecordedLoss['missing']['what'], (messages: number) => string>;

/** Where something is missing, in the same columns. */
export const recordingCsvLossLine = ({ missing: { what, from, until, messages = 0 } }: RecordedLoss): string =>
  `${isoTime(from)},,,,,,,"${lossWords[what](messages)}, until ${isoTime(until)}"\r\n`;

const earlyEnds: Readonly<Partial<Record<RecordingEnding, string>>> = {
  cut: 'cut in the middle: what came then is not known',
  'disk-full': 'ended by a full disk',
  failed: 'ended, for its file could not be written',
};

/** Where the recording ends too early, in the same columns; nothing where it does not. */
export function recordingCsvEndLine(ending: RecordingEnding | null, time: number): string {
  const words = ending === null ? undefined : earlyEnds[ending];
  return words === undefined ? '' : `${isoTime(time)},,,,,,,"the recording was ${words}"\r\n`;
}
