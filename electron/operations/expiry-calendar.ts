// An iCalendar file (RFC 5545) of what ends: a calendar program reads it where no console runs.
// One event for all that ends on one day and is of one kind: forty plants that were commissioned together are one visit.

import { createHash } from 'node:crypto';
import { type Expiry, expiryAdvice } from '../../shared/model/expiry.ts';

/** Days before the event on which a calendar speaks up. */
const alarmDays = [30, 7];
const namesInEvent = 20;

/** Text with CRLF line ends, lines folded at 75 octets. `now` is the DTSTAMP. */
export function renderCalendar(expiries: readonly Expiry[], now: Date): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Voke//Voke Console//EN',
    'CALSCALE:GREGORIAN',
    ...[...byDayAndKind(expiries).values()].flatMap((group) => renderEvent(group, now)),
    'END:VCALENDAR',
  ];
  return `${lines.flatMap(fold).join('\r\n')}\r\n`;
}

function byDayAndKind(expiries: readonly Expiry[]): Map<string, [Expiry, ...Expiry[]]> {
  const groups = new Map<string, [Expiry, ...Expiry[]]>();
  for (const expiry of expiries) {
    const key = `${expiry.endsAt.slice(0, 10)} ${expiry.kind}`;
    const group = groups.get(key);
    if (group) group.push(expiry);
    else groups.set(key, [expiry]);
  }
  return groups;
}

function renderEvent(group: readonly [Expiry, ...Expiry[]], now: Date): string[] {
  const [first] = group;
  const names = group.slice(0, namesInEvent).map(({ name, site }) => (site ? `${name} (${site})` : name));
  const more = group.length > namesInEvent ? [`and ${group.length - namesInEvent} more`] : [];
  const what = group.length === 1 ? (names[0] ?? '') : `${group.length} ${manyWords[first.kind]}`;
  return [
    'BEGIN:VEVENT',
    `UID:${uidOf(group)}@voke-console`,
    `DTSTAMP:${now.toISOString().replace(/[-:]|\.\d+/g, '')}`,
    `DTSTART;VALUE=DATE:${first.endsAt.slice(0, 10).replaceAll('-', '')}`,
    `SUMMARY:${escapeText(`${endWords[first.kind]}: ${what}`)}`,
    `DESCRIPTION:${escapeText([expiryAdvice(first), ...names, ...more].join('\n'))}`,
    'TRANSP:TRANSPARENT',
    ...alarmDays.flatMap((days) => [
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      `TRIGGER:-P${days}D`,
      `DESCRIPTION:${escapeText(`In ${days} days: ${endWords[first.kind]}`)}`,
      'END:VALARM',
    ]),
    'END:VEVENT',
  ];
}

const endWords: Readonly<Record<Expiry['kind'], string>> = {
  authority: 'Certificate authority ends',
  crl: 'Revocation list ends',
  broker: 'Broker certificate ends',
  device: 'Plant certificate ends',
  console: "Console's certificate ends",
  registered: 'Certificate known by its serial number ends',
  token: 'Token ends',
  tokenKey: 'Token key is due for a change',
};

const manyWords: Readonly<Record<Expiry['kind'], string>> = {
  authority: 'authorities',
  crl: 'brokers',
  broker: 'brokers',
  device: 'plants',
  console: 'certificates',
  registered: 'authorities',
  token: 'plants',
  tokenKey: 'keys',
};

/** The same things ending on the same day are the same event, whenever the file is made. */
const uidOf = (group: readonly Expiry[]): string =>
  createHash('sha256')
    .update(group.map(({ expiryId, endsAt }) => `${expiryId} ${endsAt}`).join('\n'))
    .digest('hex')
    .slice(0, 32);

/** RFC 5545, 3.3.11. Control characters have no place in a text. */
const escapeText = (text: string): string =>
  text
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replace(/\p{Cc}/gu, ' ');

/** RFC 5545, 3.1: at most 75 octets a line, further ones begin with a space. Characters are never cut. */
function fold(line: string): string[] {
  const folded = [''];
  let octets = 0;
  for (const character of line) {
    const length = Buffer.byteLength(character);
    if (octets + length > 75) {
      folded.push(' ');
      octets = 1;
    }
    folded.push(`${folded.pop() ?? ''}${character}`);
    octets += length;
  }
  return folded;
}
