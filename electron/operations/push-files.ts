// What a push would bring: the register's files, with what others have in the broker's files kept in place.

import { createHash } from 'node:crypto';
import type { PushPlan } from '../../shared/model/broker.ts';
import type { BrokerDescription, BrokerFiles, ManagedBroker } from '../../shared/model/broker-files.ts';
import { lintBrokerFiles } from '../broker/lint.ts';
import { planPush } from '../broker/plan.ts';
import type { BrokerRow } from '../vault/rows.ts';
import { requireAuthority } from './authority.ts';
import { registerDigest, renderBroker } from './broker-files.ts';
import { requireBroker } from './brokers.ts';
import type { OperationContext } from './context.ts';
import { ownedEntries } from './owned-entries.ts';
import { doorsOf } from './probe-doors.ts';
import { prepareProbeAccount } from './probe-identities.ts';
import type { PushRecord } from './push-record.ts';

/** keep: what others wrote on the broker stays. overwrite: the console's files replace theirs. */
export type DriftChoice = 'keep' | 'overwrite';

export type PreparedPush = {
  readonly description: BrokerDescription;
  readonly files: BrokerFiles;
  readonly plan: PushPlan;
  /** Of the register as it was when the files were rendered. */
  readonly digest: string;
  readonly crlNextUpdate: string;
};

export async function preparePush(
  context: OperationContext,
  broker: BrokerRow,
  target: ManagedBroker,
  _options: { readonly drift?: DriftChoice | undefined } = {},
): Promise<PreparedPush> {
  const description = await target.describe();
  const current = await target.current();
  const { files: rendered, notices } = await renderBroker(context, broker, description);
  const register = registerNow(context, broker.brokerId);
  const files = rendered;
  const plan = planPush(current, files, [...description.notices, ...notices]);
  return { description, files, plan, ...register };
}

/** Taken right after rendering: what changes later is for the next push. */
export const registerNow = (context: OperationContext, brokerId: string) => ({
  // Rendering may have issued the broker's certificate.
  digest: registerDigest(context, requireBroker(context, brokerId)),
  crlNextUpdate: requireAuthority(context).crlNextUpdate,
});

/** Throws `broker/invalid-files` for what the broker would refuse, or read otherwise than meant. */
export const lintPush = (
  context: OperationContext,
  { files, description }: Pick<PreparedPush, 'files' | 'description'>,
): Promise<void> => lintBrokerFiles(files, { ...description, now: context.clock.now() });

/** What the vault remembers of a push that was decided for. */
export async function recordOf(
  context: OperationContext,
  broker: BrokerRow,
  pushId: string,
  files: BrokerFiles,
): Promise<PushRecord> {
  const owned = ownedEntries(context, broker);
  const doors = doorsOf(files, await prepareProbeAccount(context, broker.brokerId));
  return {
    pushId,
    hashes: Object.fromEntries(files.map(({ name, content }) => [name, sha256(content)])),
    usernames: [...owned.usernames],
    ports: [...owned.ports],
    tokenKeyIds: doors.hasTokenListener
      ? context.vault.tokenKeys
          .list()
          .filter((key) => doors.trusts(key))
          .map(({ keyId }) => keyId)
      : null,
  };
}

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
