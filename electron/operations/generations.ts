// Going back to an earlier configuration. What comes back is how the broker is set up: its mosquitto.conf and what
// others wrote in its files then. Who may come in is never taken from the past: credentials, ACLs of plants, CRL, keys
// and certificates are those of today, so nobody returns who was revoked since.

import type { PushPlan } from '../../shared/model/broker.ts';
import type { BrokerFile, BrokerFiles, Generation, ManagedBroker } from '../../shared/model/broker-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { fileNames } from '../broker/file-names.ts';
import { mergeForeignInSteps } from '../broker/foreign/merge-foreign.ts';
import { planChange } from '../broker/plan-change.ts';
import { jwkSet, publicKeyFiles } from '../credentials/tokens.ts';
import { inSlices } from '../platform/slices.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { type RenderPurpose, renderBroker } from './broker-files.ts';
import type { OperationContext } from './context.ts';
import { restartForDistrusted } from './distrusted-authority.ts';
import { ownedEntries } from './owned-entries.ts';
import { type PushOptions, pushPrepared } from './push.ts';
import { connectedUsers, type PreparedPush, refuseLaterCrl } from './push-files.ts';
import { readPushRecord } from './push-record.ts';
import { restartForReturned } from './returned-plants.ts';
import type { StepRunner } from './steps.ts';
import { trustedTokenKeys } from './token-keys.ts';

const ownNames: ReadonlySet<string> = new Set(Object.values(fileNames));

/** Newest first; the one in force is not among them. */
export async function listGenerations(_broker: BrokerRow, target: ManagedBroker): Promise<Generation[]> {
  return [...(await target.generations())];
}

/** What going back would change, file by file, against what is in force. Throws `broker/no-such-generation`. */
export async function planGoingBack(
  context: OperationContext,
  broker: BrokerRow,
  target: ManagedBroker,
  generationId: string,
): Promise<PushPlan> {
  return (await prepareGoingBack(context, broker, target, 'to look', generationId)).plan;
}

/** A push like any other, of that generation's configuration. Throws `broker/no-such-generation` and as `pushBroker`. */
export function goBackTo(
  context: OperationContext,
  brokerId: string,
  target: ManagedBroker,
  generationId: string,
  runStep: StepRunner,
  options: PushOptions = {},
): Promise<void> {
  return pushPrepared(context, brokerId, target, runStep, options, (broker) =>
    prepareGoingBack(context, broker, target, 'to leave', generationId),
  );
}

async function prepareGoingBack(
  context: OperationContext,
  broker: BrokerRow,
  target: ManagedBroker,
  purpose: RenderPurpose,
  generationId: string,
): Promise<PreparedPush> {
  const description = await target.describe();
  const old = await target.readGeneration(generationId);
  const rendered = await renderBroker(context, broker, description, purpose);
  const owned = ownedEntries(context, broker);
  const withForeign = await inSlices(mergeForeignInSteps(old, rendered.files, owned, description.line));
  const files = asConfiguredThen(context, old, withForeign.files);
  const found = await target.current();
  await refuseLaterCrl(context, broker, found);
  const connected = await connectedUsers(target);
  const plan = {
    ...(await planChange(found, files, readPushRecord(context.vault.brokers, broker.brokerId), connected)),
    kept: [...withForeign.kept],
    // What was changed on the broker since shows in the diffs: going back takes it away.
    drift: [],
    notices: [...description.notices, ...rendered.notices],
  };
  const returned = restartForReturned(context, broker, found, connected, plan);
  return { description, files, plan: restartForDistrusted(context, broker, connected, returned), ...rendered.register };
}

/** Today's content in the files that the old configuration names. */
function asConfiguredThen(context: OperationContext, old: BrokerFiles, today: BrokerFiles): BrokerFiles {
  const rendered = new Map(today.map((file) => [file.name, file]));
  const keys = trustedTokenKeys(context);
  return old.map((file): BrokerFile => {
    switch (file.name) {
      case fileNames.conf:
        return file;
      // The two ways to name token keys; a set that knows a single one gets the one that signs today.
      case fileNames.tokenKey:
        return { ...file, content: publicKeyFiles(keys[0].publicKeyPem).publicPkcs1Der };
      case fileNames.tokenKeySet:
        return { ...file, content: Buffer.from(JSON.stringify(jwkSet(keys)), 'utf8') };
    }
    const current = rendered.get(file.name);
    if (current === undefined && ownNames.has(file.name)) {
      throw new ConsoleError('broker/invalid-files', {
        because: `that generation has ${file.name}, which this broker cannot have any more`,
        details: { file: file.name },
      });
    }
    return current ?? file;
  });
}
