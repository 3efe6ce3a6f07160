import { createAuthority } from '../../../electron/authority/root.ts';

/** A moment between two seconds, in a leap year. */
export const now = new Date('2028-02-29T10:11:12.345Z');

/** EC keys are made in no time, and nothing here depends on the kind of key. */
export const ecAuthority = (options: { validityDays?: number; subject?: string; at?: Date } = {}) => {
  const { at = now, ...rest } = options;
  return createAuthority({ keyAlgorithm: 'EC-P256', now: at, ...rest });
};
