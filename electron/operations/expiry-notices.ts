// Who is told before something ends, and when: a month, a week and a day before, and once it has ended. Each thing is
// told of once at each of these, however often the console is started; what is no outage can wait for the screen.

import { z } from 'zod';
import type { Expiry } from '../../shared/model/expiry.ts';
import type { HostNotice } from '../../shared/model/host-notice.ts';
import type { OperationContext } from './context.ts';
import { listExpiries } from './expiries.ts';

const settingName = 'expiry-notices';
const dayMs = 86_400_000;
/** In days, the closest first; 0 is for what has ended. */
const thresholds = [0, 1, 7, 30] as const;

/** By `expiryId` and end: the closest threshold that was told of. */
const toldSchema = z.record(z.string(), z.number());

/** What the operator has not been told yet, in one notice; undefined when that is nothing. Remembers it as told. */
export async function takeExpiryNotice(context: OperationContext): Promise<HostNotice | undefined> {
  const now = context.clock.now().getTime();
  const told = toldSchema.parse(JSON.parse(context.vault.settings.get(settingName) ?? '{}'));
  const near = (await listExpiries(context)).flatMap((expiry) => {
    const threshold = expiry.isOutage ? thresholdAt(expiry, now) : undefined;
    return threshold === undefined ? [] : [{ expiry, key: `${expiry.expiryId} ${expiry.endsAt}`, threshold }];
  });
  const fresh = near.filter(({ key, threshold }) => threshold < (told[key] ?? Number.POSITIVE_INFINITY));
  if (fresh.length === 0) return undefined;
  // What is no longer near was renewed, and is forgotten here.
  const next = Object.fromEntries(near.map(({ key, threshold }) => [key, threshold]));
  context.vault.settings.set(settingName, JSON.stringify(next));
  return noticeOf(
    fresh.map(({ expiry }) => expiry),
    now,
  );
}

function thresholdAt({ endsAt }: Expiry, now: number): number | undefined {
  const days = (Date.parse(endsAt) - now) / dayMs;
  return thresholds.find((threshold) => days <= threshold);
}

/** `expiries`: the soonest first, at least one. */
function noticeOf(expiries: readonly Expiry[], now: number): HostNotice {
  const [first] = expiries;
  const ended = expiries.filter(({ endsAt }) => Date.parse(endsAt) <= now).length;
  const title =
    ended > 0
      ? `${things(ended)} ended: connections are refused`
      : `${things(expiries.length)} about to end: an outage`;
  const others = expiries.length > 1 ? `, and ${expiries.length - 1} more` : '';
  return { title, body: `${first?.name} on ${first?.endsAt.slice(0, 10)}${others}. See Authority.` };
}

const things = (count: number): string => (count === 1 ? 'A certificate or list' : `${count} certificates or lists`);
