// A plant that was revoked and provisioned again is no longer muted after the next push. Whoever still holds a session
// with a certificate of before would then be heard again, as Mosquitto asks its ACL at each message and its CRL only when
// a session begins. So either it is known that nobody holds one, or the broker is restarted, which ends it.

import type { PushPlan } from '../../shared/model/broker.ts';
import type { BrokerFiles } from '../../shared/model/broker-files.ts';
import { fileNames } from '../broker/file-names.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { CertificateRow } from '../vault/rows/certificates.ts';
import { type OperationContext, timestamp } from './context.ts';
import { lastPushBegan } from './cut-revoked.ts';

const notice =
  'A revoked plant was provisioned again, and a session with its old certificate may still be open. Only a restart of the broker ends it: every plant connects anew.';

/**
 * The plan, with a restart where that is needed. `found`: the files in force; `connected`: usernames, undefined where the
 * broker cannot tell.
 */
export function restartForReturned(
  context: OperationContext,
  broker: BrokerRow,
  found: BrokerFiles | undefined,
  connected: ReadonlySet<string> | undefined,
  plan: PushPlan,
): PushPlan {
  if (plan.needs === 'restart') return plan;
  const returned = returnedPlants(context, broker, found ?? []);
  if (!returned.some((username) => connected?.has(username) ?? true)) return plan;
  return {
    ...plan,
    needs: 'restart',
    dropped: { who: 'everyone', usernames: [...(connected ?? [])].sort() },
    notices: [...plan.notices, notice],
  };
}

/** Usernames of certificate plants whose old sessions a push would let speak: muted until now, or revoked since the last. */
function returnedPlants(context: OperationContext, broker: BrokerRow, found: BrokerFiles): string[] {
  const { plants, withdrawals, certificates } = context.vault;
  const since = lastPushBegan(context, broker);
  if (since === null || broker.profile !== 'voke') return [];
  const isWithdrawn = ({ revokedAt, revocationReason }: CertificateRow) =>
    revokedAt !== null && revokedAt >= since && revocationReason !== 'superseded';
  const back = withdrawals.listAt(timestamp(context)).flatMap(({ plantId }) => {
    const plant = plants.get(plantId);
    return plant?.authMethod === 'MTLS' && plant.status !== 'REVOKED' ? [plant] : [];
  });
  if (back.length === 0) return [];
  const muted = mutedIn(found);
  return back
    .filter(({ plantId }) => muted.has(plantId) || certificates.list({ plantId }).items.some(isWithdrawn))
    .map(({ username }) => username);
}

function mutedIn(files: BrokerFiles): ReadonlySet<string> {
  const acl = Buffer.from(files.find(({ name }) => name === fileNames.acl)?.content ?? []).toString('utf8');
  return new Set(Array.from(acl.matchAll(/^user (.*)\ntopic deny #$/gm), ([, username = '']) => username));
}
