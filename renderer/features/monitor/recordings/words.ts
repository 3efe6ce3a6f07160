import type { Recording } from '../../../../shared/model/recording.ts';

export const megabyte = 1024 * 1024;

/** A file's size. */
export const sizeWords = (bytes: number): string =>
  bytes < megabyte ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / megabyte).toFixed(1)} MiB`;

export const endingWords: Record<NonNullable<Recording['ending']>, string> = {
  stopped: 'complete',
  locked: 'ended by the lock of the console',
  full: 'ended at its size',
  'disk-full': 'ended: the disk was full',
  failed: 'ended: the file could not be written',
  cut: 'cut in the middle',
};

export const nameOf = ({ note, brokerName }: Pick<Recording, 'note' | 'brokerName'>): string =>
  note || brokerName || 'Recording';
