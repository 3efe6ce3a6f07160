// What the JSON reports of Vitest and Playwright say, in one form.

import { readFile } from 'node:fs/promises';
import { z } from 'zod';

export type Results = { readonly passed: number; readonly failed: number; readonly skipped: number };

export const noResults: Results = { passed: 0, failed: 0, skipped: 0 };

export const add = (a: Results, b: Results): Results => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});

/** A file that failed without a failed test (it did not load, or a hook threw) counts as one failure. */
function vitestResults(report: unknown): Results {
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = vitestReport.parse(report);
  const failedFiles = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: numPassedTests, failed: numFailedTests + failedFiles.length, skipped: numPendingTests };
}

const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.unknown()),
});

/** Passing at a second try only is not passing. */
function playwrightResults(report: unknown): Results {
  const { stats, errors } = playwrightReport.parse(report);
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped };
}

const readers = { vitest: vitestResults, playwright: playwrightResults } as const;
export type Reporter = keyof typeof readers;

/** Reads a report file; undefined when the runner ended before it wrote one. */
export async function readResults(reporter: Reporter, path: string): Promise<Results | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : readers[reporter](JSON.parse(text));
}
