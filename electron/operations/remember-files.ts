import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { deviceFilesOf } from '../device/files.ts';
import { sha256 } from '../device/install-script.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import type { OperationContext } from './context.ts';

/** Remembers by their hashes what this credential becomes on a device. */
export function rememberFiles(
  context: OperationContext,
  { credentialId, plantId }: Pick<CredentialRow, 'credentialId' | 'plantId'>,
  provisioning: ProvisioningPackage,
): void {
  const files = deviceFilesOf(provisioning).map(({ name, content }) => ({ name, sha256: sha256(content) }));
  context.vault.credentialFiles.put({ credentialId, plantId, files }, provisioning.hmacSecret);
}
