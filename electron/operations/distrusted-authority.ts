// A broker that no longer trusts an authority refuses its certificates when a session begins, and leaves the sessions that
// are live. Where the authority's key may be in other hands, one of them may be a stranger's: only a restart ends it.

import type { PushPlan } from '../../shared/model/broker.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { OperationContext } from './context.ts';
import { readPushRecord } from './push-record.ts';

const notice =
  'The old authority is given up because its key may be in other hands, and a session with a forged certificate may be open. Only a restart of the broker ends it: every plant connects anew.';

/** The plan, with a restart where that is needed. `connected`: usernames, undefined where the broker cannot tell. */
export function restartForDistrusted(
  { vault }: OperationContext,
  { brokerId }: BrokerRow,
  connected: ReadonlySet<string> | undefined,
  plan: PushPlan,
): PushPlan {
  const trustedBefore = readPushRecord(vault.brokers, brokerId)?.authorityIds ?? [];
  const isDistrusted = trustedBefore.some((authorityId) => {
    const authority = vault.authorities.get(authorityId);
    // One that is not in the vault any more was lost with its key.
    return !authority || (authority.state === 'retired' && authority.isCompromised);
  });
  if (!isDistrusted || plan.needs === 'nothing') return plan;
  return {
    ...plan,
    needs: 'restart',
    dropped: { who: 'everyone', usernames: [...(connected ?? [])].sort() },
    notices: [...plan.notices, notice],
  };
}
