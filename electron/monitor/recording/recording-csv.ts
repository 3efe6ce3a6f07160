// A recording as CSV (RFC 4180) for a spreadsheet. Topics and payloads come from strangers:
// a cell that a spreadsheet would run as a formula gets an apostrophe before it.

import { visibleText } from '../../../shared/model/visible-text.ts';
import type { RecordedMessage } from './recorded-message.ts';

const cell = (text: string): string => {
  const shown = visibleText(text);
  return `"${(/^[=+\-@]/.test(shown) ? `'${shown}` : shown).replaceAll('"', '""')}"`;
};

export const recordingCsvHeader = 'time,topic,qos,retain,payload,payloadBase64\r\n';

/** One line, with its end: time as ISO 8601 in UTC, the payload as text with controls as escapes, and whole in base64. */
export function recordingCsvLine(message: RecordedMessage): string {
  const payload = Buffer.from(message.payloadBase64, 'base64').toString('utf8');
  const time = new Date(message.time).toISOString();
  return `${time},${cell(message.topic)},${message.qos},${message.retain},${cell(payload)},${cell(message.payloadBase64)}\r\n`;
}
