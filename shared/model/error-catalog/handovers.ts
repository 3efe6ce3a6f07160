import type { ErrorEntries } from './entry.ts';

/** Handover records. */
export const handoversErrors = {
  'handover/not-found': { status: 404, title: 'There is no such handover record.' },
  'handover/no-plants': {
    status: 422,
    title: 'No plant is in this choice, so there is nothing to hand over. Choose a site or plants that are registered.',
  },
  'handover/recording-changed': {
    status: 409,
    title:
      'The file of this recording is not the one that was recorded: its SHA-256 is another. It is not handed over; leave it out.',
  },
  'handover/too-large': {
    status: 413,
    title:
      'The files of these recordings are too large for the archive. Leave the files out, and hand them over beside it: the record names their SHA-256.',
  },
} as const satisfies ErrorEntries;
