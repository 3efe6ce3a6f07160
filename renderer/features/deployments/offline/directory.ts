import { deviceDirectorySchema } from '../../../../shared/model/device.ts';

/** As a call takes it: nothing, where what is stored of the device counts. */
export const directoryInput = (typed: string): { readonly directory?: string } =>
  typed.trim() ? { directory: typed.trim() } : {};

/** Why this is no directory; null for one, and for nothing. */
export const directoryError = (typed: string): string | null =>
  typed.trim() ? (deviceDirectorySchema.safeParse(typed.trim()).error?.issues[0]?.message ?? null) : null;
