// What a broker was asked and what it answered, in words, with whatever went otherwise first.

import type { ProbeReport, ProbeResult } from '../../../../shared/model/probe.ts';

const outcomeWords: Record<ProbeResult['outcome'], string> = {
  accepted: 'accepted',
  refused: 'refused',
  silent: 'nobody else heard it',
  heard: 'heard',
  leaked: 'heard by somebody else',
  unreachable: 'not reached',
  unproven: 'not proven',
};

export const outcomeOf = ({ outcome }: ProbeResult): string => outcomeWords[outcome];
export const expectationOf = ({ expected }: ProbeResult): string => outcomeWords[expected];

export const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export type ListenerProbes = {
  readonly listener: ProbeResult['listener'];
  readonly port: number;
  readonly results: readonly ProbeResult[];
  readonly failedCount: number;
};

const failedFirst = (a: { readonly ok: boolean }, b: { readonly ok: boolean }) => Number(a.ok) - Number(b.ok);

/** By listener; what failed comes first, within a listener and among them. */
export function byListener({ results }: ProbeReport): readonly ListenerProbes[] {
  return [...Map.groupBy(results, ({ listener, port }) => `${listener}:${port}`).values()]
    .map((group): ListenerProbes | null => {
      const first = group[0];
      if (!first) return null;
      const failedCount = group.filter(({ ok }) => !ok).length;
      return { listener: first.listener, port: first.port, results: group.toSorted(failedFirst), failedCount };
    })
    .filter((group) => group !== null)
    .sort((a, b) => failedFirst({ ok: a.failedCount === 0 }, { ok: b.failedCount === 0 }));
}

export function reportHeadline({ after, results }: ProbeReport): string {
  const failed = results.filter(({ ok }) => !ok).length;
  const when = after === 'push' ? 'After the push' : 'After undoing it';
  return failed === 0
    ? `${when}: all ${results.length} probes answered as they must`
    : `${when}: ${failed} of ${results.length} probes answered otherwise`;
}
