// `npm test`: everything, in the order in which a failure costs least to find out.
//   npm test                          all stages
//   npm test -- --only unit           one stage; may be given several times
// It stops at the first stage that fails and exits with its status. The last line is `N passed, N failed`, over Vitest
// and Playwright; a stage that fails without a failed test (types, lint, build, a crash) counts as one failure.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { missingForElectron } from './electron-binary.ts';
import { installTestPackages } from './test-packages.ts';
import { add, noResults, type Reporter, type Results, readResults } from './test-results.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

type Stage = { readonly name: string; readonly command: readonly string[]; readonly reporter?: Reporter };

const npmScript = (name: string): Stage => ({ name, command: ['npm', 'run', '--silent', name] });
const vitest = (name: string, ...projects: string[]): Stage => ({
  name,
  command: ['vitest', 'run', ...projects.flatMap((project) => ['--project', project])],
  reporter: 'vitest',
});
const playwright: Stage = { name: 'browser', command: ['playwright', 'test'], reporter: 'playwright' };

const all: readonly Stage[] = [
  npmScript('types'),
  npmScript('lint'),
  vitest('unit, integration, desktop'),
  npmScript('build'),
  playwright,
];
const single: Readonly<Record<string, readonly Stage[]>> = {
  types: [npmScript('types')],
  lint: [npmScript('lint')],
  unit: [vitest('unit', 'unit')],
  integration: [vitest('integration', 'integration')],
  desktop: [vitest('desktop', 'desktop')],
  build: [npmScript('build')],
  // The browser sees what was built, so it is built first.
  browser: [npmScript('build'), playwright],
};

function chooseStages(): readonly Stage[] {
  const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
  return (
    values.only?.flatMap((name) => {
      const stages = single[name];
      if (!stages) throw new Error(`--only takes one of: ${Object.keys(single).join(', ')}`);
      return stages;
    }) ?? all
  );
}

type Outcome = { readonly status: number; readonly results: Results };

async function run(stage: Stage, reports: string): Promise<Outcome> {
  const report = join(reports, `${stage.name.replaceAll(/\W+/g, '-')}.json`);
  const [program = '', ...args] = [...stage.command, ...reporterArguments(stage.reporter, report)];
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // npm's and Vite's programs are .cmd files on Windows, which only its shell starts.
    shell: process.platform === 'win32',
    env: {
      ...process.env,
      PATH: [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter),
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    },
  });
  child.on('error', (error) => console.error(`${program} could not be started: ${error.message}`));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const status = code ?? 128 + (signal ? constants.signals[signal] : 0);
  const results = (stage.reporter && (await readResults(stage.reporter, report))) ?? noResults;
  const unreported = status !== 0 && results.failed === 0;
  return { status, results: unreported ? { ...results, failed: 1 } : results };
}

function reporterArguments(reporter: Reporter | undefined, report: string): string[] {
  switch (reporter) {
    case 'vitest':
      return ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    case 'playwright':
      return ['--reporter=list,json'];
    case undefined:
      return [];
  }
}

async function prepare(): Promise<void> {
  try {
    await installTestPackages();
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    console.log(`${error instanceof Error ? error.message : error}; what is missing will be skipped.`);
  }
}

async function main(): Promise<number> {
  const stages = chooseStages();
  if (stages.some((stage) => stage.reporter)) await prepare();
  const reports = await mkdtemp(join(tmpdir(), 'voke-test-'));
  const summary: string[] = [];
  let total = noResults;
  let status = 0;
  try {
    for (const stage of stages) {
      if (status !== 0) {
        summary.push(`  not run  ${stage.name}`);
        continue;
      }
      console.log(`\n== ${stage.name}`);
      const outcome = await run(stage, reports);
      status = outcome.status;
      total = add(total, outcome.results);
      summary.push(`  ${status === 0 ? 'ok     ' : 'FAILED '}  ${stage.name}${skippedNote(outcome.results)}`);
    }
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
  const missing = missingForElectron(root);
  if (missing.length > 0)
    summary.push(`  left out test/desktop/electron.test.ts, for want of ${missing.join(' and ')}`);
  console.log(`\n== summary\n${summary.join('\n')}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return status;
}

const skippedNote = ({ skipped }: Results): string => (skipped > 0 ? ` (${skipped} skipped)` : '');

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
