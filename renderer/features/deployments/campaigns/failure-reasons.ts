import type { CampaignRowView } from '../../../../shared/model/campaign.ts';
import { errorCatalog, isErrorCode } from '../../../../shared/model/errors.ts';

export type FailureReason = {
  readonly code: string;
  readonly count: number;
  /** What the device told, where all told the same; otherwise what the code means. */
  readonly sentence: string;
};

/** Why plants failed, the most frequent first: a hundred failures have seldom more than a few reasons. */
export function failureReasons(rows: readonly CampaignRowView[]): readonly FailureReason[] {
  const failed = rows.flatMap(({ state, error }) => (state === 'failed' && error ? [error] : []));
  return [...Map.groupBy(failed, ({ code }) => code)]
    .map(([code, errors]) => {
      const [detail = code, ...others] = [...new Set(errors.map((error) => error.detail))];
      const isShared = others.length === 0 || !isErrorCode(code);
      return { code, count: errors.length, sentence: isShared ? detail : errorCatalog[code].title };
    })
    .toSorted((a, b) => b.count - a.count);
}
