import { deploy } from './deploy.ts';
import type { DeviceLink } from './device-link.ts';
import type { DeviceShell } from './device-shell.ts';
import { mend } from './mend.ts';
import { observe } from './preflight.ts';
import { readState } from './read-state.ts';
import { restartClient } from './restart.ts';
import { rollback } from './rollback.ts';
import { setClock } from './set-clock.ts';

/** Everything by scripts of a POSIX shell. */
export const shellLink = (shell: DeviceShell): DeviceLink => ({
  observe: (directory, names, owner) => observe(shell, { directory, names, ...(owner !== null && { owner }) }),
  readState: (directory, names) => readState(shell, directory, names),
  deploy: (deployment) => deploy(shell, deployment),
  rollback: (directory, names) => rollback(shell, directory, names),
  mend: (directory, names) => mend(shell, directory, names),
  restartClient: (directory, command) => restartClient(shell, directory, command),
  setClock: (time) => setClock(shell, time),
});
