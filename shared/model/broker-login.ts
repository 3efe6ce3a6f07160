import { z } from 'zod';
import { deviceLoginSchema } from './device.ts';

const passwordSchema = z.string().min(1).max(1024);

/** What an `ssh` target is logged in to with: kept sealed, never in the target itself. */
export const sshTargetSecretSchema = z.object({
  login: deviceLoginSchema,
  /** Left out: sudo asks for none, or for the login's own password. */
  sudoPassword: passwordSchema.optional(),
  /** Left out: the jump host takes the same login. */
  jumpLogin: deviceLoginSchema.optional(),
});
export type SshTargetSecret = z.infer<typeof sshTargetSecretSchema>;
