import { userInfo } from 'node:os';

/** The name under which the audit trail records who sits at this machine. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in the user database, as in some containers.
    return 'operator';
  }
}
