import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Reporter, readResults } from '../../../scripts/test-results.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'voke-results-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function read(reporter: Reporter, report: unknown) {
  const path = join(directory, 'report.json');
  await writeFile(path, JSON.stringify(report));
  return readResults(reporter, path);
}

const vitest = { numPassedTests: 7, numFailedTests: 0, numPendingTests: 2, testResults: [] };
const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

test("Vitest's tests are counted", async () => {
  expect(await read('vitest', vitest)).toEqual({ passed: 7, failed: 0, skipped: 2 });
});

test('a test file that did not load is a failure beside the failed tests', async () => {
  const testResults = [file('failed'), file('failed', 'passed', 'failed'), file('passed', 'passed')];
  expect(await read('vitest', { ...vitest, numFailedTests: 1, testResults })).toMatchObject({ failed: 2 });
});

test("Playwright's tests are counted; a flaky one and an error outside a test are failures", async () => {
  const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 3 };
  expect(await read('playwright', { stats, errors: [{ message: 'no web server' }] })).toEqual({
    passed: 5,
    failed: 3,
    skipped: 3,
  });
});

test('a report that was never written is none', async () => {
  expect(await readResults('vitest', join(directory, 'absent.json'))).toBeUndefined();
});
