import type { RecordedGap, Recording, RecordingLosses } from '../../../../shared/model/recording.ts';
import { visibleText } from '../../../../shared/model/visible-text.ts';
import { span } from '../../../ui/time.ts';
import { amount } from '../words.ts';

export const megabyte = 1024 * 1024;

/** A file's size. */
export const sizeWords = (bytes: number): string =>
  bytes < megabyte ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / megabyte).toFixed(1)} MiB`;

export const endingWords: Record<NonNullable<Recording['ending']>, string> = {
  stopped: 'complete',
  locked: 'ended by the lock of the console',
  replaced: 'ended: the monitor was set to listen otherwise',
  full: 'ended at its size',
  'disk-full': 'ended: the disk was full',
  failed: 'ended: the file could not be written',
  cut: 'cut in the middle',
};

export const nameOf = ({ note, brokerName }: Pick<Recording, 'note' | 'brokerName'>): string =>
  note || brokerName || 'Recording';

const times = (count: number): string =>
  count === 1 ? 'once' : count === 2 ? 'twice' : amount(count, 'time', 'times');
const were = (count: number): string => `${amount(count, 'message', 'messages')} ${count === 1 ? 'was' : 'were'}`;

const shownFilters = 5;

/** `filters cpi/#, site/+/state`; the first few where there are many. */
export function filterWords(filters: readonly string[]): string {
  const more = filters.length - shownFilters;
  const shown = filters.slice(0, shownFilters).map(visibleText).join(', ');
  return `${filters.length === 1 ? 'filter' : 'filters'} ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What a recording misses, a sentence a kind; null: nobody knows. Empty when nothing is missing. */
export function lossWords({ dropped, oversized, droppedByBroker, gaps, gapMs }: RecordingLosses): string[] | null {
  if (dropped === null || oversized === null || gaps === null || gapMs === null) return null;
  const said: string[] = [];
  const lost = (what: RecordedGap['what'], messages: number) => {
    if (messages > 0) said.push(gapWords({ what, from: 0, until: 0, messages }));
  };
  lost('dropped', dropped);
  lost('oversized', oversized);
  lost('droppedByBroker', droppedByBroker ?? 0);
  if (gaps > 0)
    said.push(`the connection was away ${times(gaps)} for ${gapMs < 1000 ? 'less than a second' : span(gapMs)}`);
  return said;
}

/** What is missing at one place of a recording. */
export function gapWords({ what, from, until, messages = 0 }: RecordedGap): string {
  switch (what) {
    case 'away':
      return `the connection was away for ${until - from < 1000 ? 'less than a second' : span(until - from)}`;
    case 'dropped':
      return `${amount(messages, 'message', 'messages')} could not be written in time`;
    case 'oversized':
      return `${were(messages)} too large`;
    case 'droppedByBroker':
      return `the broker says it dropped ${amount(messages, 'message', 'messages')} to its clients`;
  }
}
