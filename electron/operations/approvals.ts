// A second person agrees to a campaign, by a code that only they know. The vault has one passphrase for all who use it,
// so the code is what tells one person from another; whoever enrolled whom is in the audit trail for good.

import type { Approver } from '../../shared/model/campaign.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { hashPassword, verifyPassword } from '../credentials/passwords.ts';
import { requireCampaign } from './campaigns.ts';
import { audit, type OperationContext, timestamp } from './context.ts';

/** People choose their codes: OWASP's number for PBKDF2-HMAC-SHA512. */
const iterations = 210_000;

export const listApprovers = ({ vault }: OperationContext): Approver[] => vault.approvers.list();

/** Throws `campaign/approver-exists`. */
export async function addApprover(context: OperationContext, name: string, code: string): Promise<Approver> {
  const approver = { name, createdAt: timestamp(context) };
  const verifier = await hashPassword(code, { iterations });
  context.vault.transaction(() => {
    context.vault.approvers.insert(approver, verifier);
    audit(context, 'approver.add', name);
  });
  context.changed('campaigns');
  return approver;
}

/** Throws `campaign/approver-not-found`. */
export function removeApprover(context: OperationContext, name: string): void {
  context.vault.transaction(() => {
    context.vault.approvers.delete(name);
    audit(context, 'approver.remove', name);
  });
  context.changed('campaigns');
}

/**
 * Throws `campaign/not-found`, `campaign/wrong-state`, `campaign/own-approval`, and `campaign/wrong-code`, which is also
 * the answer to a name that nobody has.
 */
export async function approveCampaign(
  context: OperationContext,
  campaignId: string,
  { approver, code }: { readonly approver: string; readonly code: string },
): Promise<void> {
  requireWaiting(context, campaignId);
  const verifier = context.vault.approvers.verifier(approver) ?? (await nobodysVerifier());
  const isRight = await verifyPassword(code, verifier);
  const known = context.vault.approvers.get(approver);
  if (!isRight || !known) {
    audit(context, 'campaign.approval-refused', campaignId, { approver });
    throw new ConsoleError('campaign/wrong-code');
  }
  const { createdBy } = requireWaiting(context, campaignId);
  if (createdBy.toLowerCase() === known.name.toLowerCase()) throw new ConsoleError('campaign/own-approval');
  context.vault.transaction(() => {
    context.vault.campaigns.update(campaignId, {
      state: 'ready',
      approvedBy: known.name,
      approvedAt: timestamp(context),
    });
    audit(context, 'campaign.approve', campaignId, { approver: known.name });
  });
  context.changed('campaigns');
}

function requireWaiting(context: OperationContext, campaignId: string) {
  const row = requireCampaign(context, campaignId);
  if (row.state !== 'awaitingApproval')
    throw new ConsoleError('campaign/wrong-state', { because: `it is ${row.state}` });
  return row;
}

/** So that an unknown name takes as long as a wrong code. */
const nobodysVerifier = (): Promise<string> => hashPassword('nobody', { iterations });
