// Everything of a push that needs no broker: what others wrote is kept in the rendered files, and the plan says what
// changes, what that needs, and who notices. The files must still pass the lint.

import type { DriftChoice, DriftEntry, PushPlan } from '../../shared/model/broker.ts';
import type { BrokerFiles } from '../../shared/model/broker-files.ts';
import type { BrokerLine } from '../../shared/model/mosquitto/conf-options.ts';
import { inSlices } from '../platform/slices.ts';
import { findDrift, type LastPushed } from './drift.ts';
import { mergeForeignInSteps } from './foreign/merge-foreign.ts';
import type { OwnedEntries } from './foreign/owned-entries.ts';
import { planChange } from './plan-change.ts';
import type { RenderedProfile } from './render.ts';

export type PushAssembly = {
  readonly rendered: RenderedProfile;
  /** What is in force on the broker; undefined where there is nothing yet. */
  readonly found: BrokerFiles | undefined;
  /** Undefined before the first push of this console. */
  readonly lastPushed: LastPushed | undefined;
  readonly owned: OwnedEntries;
  readonly drift: DriftChoice;
  readonly line: BrokerLine;
  /** Usernames that are connected now, where the broker can tell. */
  readonly connected?: ReadonlySet<string> | undefined;
  /** What else the operator must know, of the broker's version for instance. */
  readonly notices?: readonly string[];
};

export type AssembledPush = { readonly files: BrokerFiles; readonly plan: PushPlan };

/**
 * Runs in short slices: ten thousand plants hold nobody up.
 * @throws `broker/foreign-file-invalid` naming file and line, where something that would have to stay cannot be read.
 */
export async function assemblePush(push: PushAssembly): Promise<AssembledPush> {
  const { found = [], lastPushed, rendered, owned, line } = push;
  const drift = lastPushed === undefined ? [] : await findDrift(lastPushed, found);
  const basis = push.drift === 'keep' ? found : withoutDrift(found, drift, lastPushed);
  const { files, kept } = await inSlices(mergeForeignInSteps(basis, rendered.files, owned, line));
  return {
    files,
    plan: {
      ...(await planChange(push.found, files, lastPushed, push.connected)),
      kept: [...kept],
      drift,
      notices: [...(push.notices ?? []), ...rendered.notices],
    },
  };
}

/** The found files as the last push left them. Where that is not known any more, nothing in the file is kept. */
function withoutDrift(
  found: BrokerFiles,
  drift: readonly DriftEntry[],
  lastPushed: LastPushed | undefined,
): BrokerFiles {
  const drifted = new Set(drift.map(({ file }) => file));
  return [
    ...found.filter(({ name }) => lastPushed !== undefined && !drifted.has(name)),
    ...(lastPushed?.files ?? []).filter(({ name }) => drifted.has(name)),
  ];
}
