import type { RemoteSession } from '../../remote/session.ts';
import type { DeviceLink } from '../device-link.ts';
import type { DeviceShell } from '../device-shell.ts';
import { observe } from '../preflight.ts';
import { shellLink } from '../shell-link.ts';
import { deployByScp } from './deploy-by-scp.ts';

/** Files by scp, everything else by scripts with the login's own rights. */
export function scpLink(session: RemoteSession): DeviceLink {
  const shell: DeviceShell = { run: (script, options) => session.runScript(script, options) };
  return {
    ...shellLink(shell),
    observe: (directory, names, owner) =>
      observe(shell, { directory, names, moreTools: ['scp'], ...(owner !== null && { owner }) }),
    deploy: (deployment) => deployByScp(session, shell, deployment),
  };
}
