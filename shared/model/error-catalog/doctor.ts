import type { ErrorEntries } from './entry.ts';

/** The connection doctor. */
export const doctorErrors = {
  'doctor/would-interrupt': {
    status: 409,
    title: 'Asking the broker as this client would end its live session. Say so, if that may be.',
  },
  'doctor/diagnosis-not-found': {
    status: 404,
    title: 'There is no such diagnosis any more. Diagnose the connection again.',
  },
} as const satisfies ErrorEntries;
