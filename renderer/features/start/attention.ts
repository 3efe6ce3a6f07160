// What of the register asks for a look, worst first. What is not listed here is as it should be.

import type { Plant } from '../../../shared/model/plant.ts';
import { href } from '../../app/route.ts';
import { daysUntil, span } from '../../ui/time.ts';
import { crlTone } from '../authority/CrlClock.tsx';
import { expiresSoonDays } from '../plants/words.tsx';
import type { Known } from './progress.ts';

export type AttentionItem = {
  readonly tone: 'attention' | 'fault';
  readonly text: string;
  readonly href: string;
};

const named = (plants: readonly Plant[]): string =>
  plants.length > 3 ? `${plants.length} plants` : plants.map(({ name }) => name).join(', ');

/** Everything that is not as it should be at `now` (Unix ms). */
export function attentionItems({ authority, brokers, plants }: Known, now: number): readonly AttentionItem[] {
  const items: AttentionItem[] = [];
  const add = (tone: AttentionItem['tone'], text: string, to: string) => items.push({ tone, text, href: to });

  for (const { name, state, pushPending, lastPushedAt, problem, unfinishedPush, driftedFiles } of brokers) {
    if (problem) add('fault', `Broker ${name} could not be looked at.`, href('brokers'));
    else if (unfinishedPush) add('attention', `A push to ${name} has not ended.`, href('brokers'));
    else if (state === 'failed') add('fault', `Broker ${name} failed.`, href('brokers'));
    else if (state === 'stopped' && lastPushedAt) add('attention', `Broker ${name} is stopped.`, href('brokers'));
    if (driftedFiles?.length) add('attention', `Somebody else changed ${name} since the last push.`, href('brokers'));
    if (pushPending && lastPushedAt) {
      add('attention', `The register changed since the last push to ${name}.`, href('brokers'));
    }
  }
  if (authority) {
    const tone = crlTone(authority.crl, now);
    const left = span(Date.parse(authority.crl.nextUpdate) - now);
    if (tone === 'fault')
      add('fault', 'The revocation list is out of date: brokers refuse certificates.', href('authority'));
    if (tone === 'attention')
      add('attention', `The revocation list ends in ${left}; renew it and push it.`, href('authority'));
  }
  for (const { plantId, name } of plants.filter(({ heardAfterRevocation }) => heardAfterRevocation)) {
    add('fault', `${name} was heard after its revocation.`, href('plants', plantId));
  }
  // A token lives an hour by nature: its end says nothing about the plant.
  const ending = plants.filter(({ status, authMethod }) => status === 'ACTIVE' && authMethod !== 'TOKEN');
  const expired = ending.filter(({ credentialExpiresAt: at }) => at !== null && daysUntil(at, now) <= 0);
  const soon = ending.filter(
    ({ credentialExpiresAt: at }) => at !== null && daysUntil(at, now) > 0 && daysUntil(at, now) < expiresSoonDays,
  );
  if (expired.length > 0) add('fault', `Credential expired: ${named(expired)}.`, href('plants'));
  if (soon.length > 0)
    add('attention', `Credential ends within ${expiresSoonDays} days: ${named(soon)}.`, href('plants'));
  return items.sort((a, b) => Number(b.tone === 'fault') - Number(a.tone === 'fault'));
}
