import type { PlantId } from '../../shared/model/plant.ts';
import type { OperationContext } from './context.ts';
import type { IssueOptions } from './issue-credential.ts';
import { readPlantRequest } from './offline-requests.ts';

/**
 * What a caller wishes of a credential, with the key of its certificate request read. The request is asked for nothing but
 * its key. Throws `plant/wrong-auth-method` and what `readCertificateRequest` throws.
 */
export async function issueOptionsOf(
  context: OperationContext,
  plantId: PlantId,
  { request, ...options }: Omit<IssueOptions, 'deviceKey' | 'authority'> & { readonly request?: string | undefined },
): Promise<IssueOptions> {
  if (request === undefined) return options;
  const { keyAlgorithm, publicKey } = await readPlantRequest(context, plantId, request);
  return { ...options, deviceKey: { keyAlgorithm, publicKey } };
}
