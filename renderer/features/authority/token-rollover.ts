// Where the change of the token key stands. It follows from the keys alone, so that it can be taken up at any time, from
// another window too.

import type { TokenKey } from '../../../shared/model/token-key.ts';

export type Rollover =
  /** One key signs; `untold` are brokers that still trust a retired one. */
  | { readonly stage: 'none'; readonly untold: readonly string[] }
  /** The new key is trusted here, but not by every broker yet. */
  | { readonly stage: 'trust'; readonly next: TokenKey }
  /** Every broker trusts the new key; the old one still signs. */
  | { readonly stage: 'sign'; readonly next: TokenKey }
  /** The new key signs; plants hold tokens by the old one until they got new ones. */
  | { readonly stage: 'retire'; readonly old: TokenKey };

/** `keys`: newest first. */
export function rolloverOf(keys: readonly TokenKey[]): Rollover {
  const active = keys.findIndex(({ state }) => state === 'active');
  const trusted = keys.findIndex(({ state }) => state === 'trusted');
  const other = keys[trusted];
  if (!other) {
    const retired = keys.filter(({ state }) => state === 'retired');
    return { stage: 'none', untold: [...new Set(retired.flatMap(({ brokersBehind }) => brokersBehind))] };
  }
  if (trusted > active) return { stage: 'retire', old: other };
  return { stage: other.brokersBehind.length > 0 ? 'trust' : 'sign', next: other };
}
