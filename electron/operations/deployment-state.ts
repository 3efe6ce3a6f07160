import type { DeploymentState } from '../../shared/model/deployment-state.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import type { DeviceStateRow } from '../vault/rows/devices.ts';

/** How what lies on the device compares with what the vault holds. `live`: the plant's credentials that may come into force, newest first. */
export function deploymentStateOf(live: readonly CredentialRow[], known: DeviceStateRow | undefined): DeploymentState {
  const [newest] = live;
  if (known?.outcome === 'uncertain') return 'unknown';
  if (known?.outcome === 'lost') return 'lost';
  const held = known?.credentialId ?? null;
  if (held === null && known !== undefined && known.files.length > 0) return 'foreign';
  if (held !== null && held === newest?.credentialId) return newest.state === 'active' ? 'matched' : 'onDevice';
  if (newest?.secretsAvailable) return 'inVault';
  return held === null ? 'unknown' : 'onDevice';
}
