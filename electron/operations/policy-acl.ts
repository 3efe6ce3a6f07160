// The rules and acl_files. Long work is done in slices, so that nobody waits for it.

import type { AclClient, AclTable, RenderedAcl } from '../../shared/model/policy-acl.ts';
import { inSlices } from '../platform/slices.ts';
import { readAclTable } from '../policy/acl-bridge/read-acl.ts';
import { renderPolicyAcl } from '../policy/acl-bridge/render-acl.ts';
import type { OperationContext } from './context.ts';
import { documentOf, type RulesReference } from './policy-rules.ts';

/** Throws `policy/rules-invalid`, `policy/version-not-found`. */
export async function renderAclFile(
  context: OperationContext,
  { rules, clients }: { readonly rules: RulesReference; readonly clients: readonly AclClient[] },
): Promise<RenderedAcl> {
  const document = await documentOf(context, rules);
  const source = 'text' in rules ? 'a draft of the rules' : `version ${rules.version} of the rules`;
  return inSlices(renderPolicyAcl(document, clients, source));
}

export const readAclFile = (text: string): Promise<AclTable> => inSlices(readAclTable(text));
