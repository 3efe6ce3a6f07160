// What the console looks at in a receipt, in the order in which it does: the code of a refusal tells how far it came.

import type { ErrorCode } from '../../../../shared/model/errors.ts';
import type { Failure } from '../../../failure.ts';
import type { Check } from '../../../ui/CheckList.tsx';

const checks: readonly { readonly name: string; readonly passed: string; readonly refusedBy: ErrorCode }[] = [
  { name: 'Form', passed: 'It is a whole receipt.', refusedBy: 'offline/receipt-unreadable' },
  { name: 'Bundle', passed: 'This vault exported its bundle.', refusedBy: 'offline/bundle-not-found' },
  {
    name: 'Origin',
    passed: 'It was written with the opened bundle, and nobody altered it since.',
    refusedBy: 'offline/receipt-not-authentic',
  },
  {
    name: 'Plant',
    passed: 'It speaks of the plant that the bundle was made for.',
    refusedBy: 'offline/receipt-wrong-plant',
  },
  { name: 'First time', passed: 'It had not been imported before.', refusedBy: 'offline/receipt-imported' },
  {
    name: 'Credential',
    passed: 'Its credential was neither superseded nor revoked.',
    refusedBy: 'offline/bundle-void',
  },
  {
    name: 'Files',
    passed: 'All lie in the directory as they were sent, with their modes, and no others.',
    refusedBy: 'offline/receipt-mismatch',
  },
];

/** `failure` is what the import ended with; without one, all passed. Empty where the failure is not about the receipt. */
export function receiptChecks(failure: Failure | null): readonly Check[] {
  const refusedAt = failure === null ? checks.length : checks.findIndex(({ refusedBy }) => refusedBy === failure.code);
  if (refusedAt < 0) return [];
  return checks.map(({ name, passed }, at) => {
    if (at < refusedAt) return { id: name, name, verdict: 'ok', sentence: passed };
    if (at === refusedAt) return { id: name, name, verdict: 'refused', sentence: failure?.sentence ?? '' };
    return { id: name, name, verdict: 'skipped', sentence: 'Not looked at.' };
  });
}

/** A device's clock may be wrong by this much before it is told. */
const clockToleranceMs = 120_000;

/**
 * What the clock of a device says of itself: a receipt is written between the export and now. Null where it may be right.
 */
export function clockRemark(
  { deviceClock, exportedAt }: { readonly deviceClock: string; readonly exportedAt: string },
  now: number,
): 'ahead' | 'behind' | null {
  const at = Date.parse(deviceClock);
  if (at > now + clockToleranceMs) return 'ahead';
  return at < Date.parse(exportedAt) - clockToleranceMs ? 'behind' : null;
}
