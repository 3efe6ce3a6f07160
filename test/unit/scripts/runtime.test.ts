import { expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { v8Flags } from '../../../scripts/v8-flags.ts';
import { run } from '../../support/processes.ts';

// `npm ci` may have run under another Node: the locked one below node_modules must come first on every script's path.
test('scripts run on the Node that Electron has inside', () => {
  expect(process.versions.node).toMatch(/^24\./);
});

test('the console is started with the same flags of V8 everywhere, and V8 heeds them', async () => {
  expect(packageJson.scripts.headless).toBe(`node ${v8Flags.join(' ')} electron/headless.ts`);
  // Garbage of which so much survives that the young generation grows as far as it may.
  const program = `
    const kept = [];
    for (let i = 0; i < 3e6; i++) { kept[i % 300_000] = { i }; }
    const space = require('node:v8').getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    console.log(space.space_size);`;
  const bounded = Number(await run(process.execPath, [...v8Flags, '-e', program]));
  const larger = Number(await run(process.execPath, ['--max-semi-space-size=32', '-e', program]));
  expect(bounded).toBeLessThanOrEqual(3 * 8 * 1024 * 1024);
  expect(larger).toBeGreaterThan(bounded);
});
