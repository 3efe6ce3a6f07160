import { expect, test } from 'vitest';

// `npm ci` may have run under another Node: the locked one below node_modules must come first on every script's path.
test('scripts run on the Node that Electron has inside', () => {
  expect(process.versions.node).toMatch(/^24\./);
});
