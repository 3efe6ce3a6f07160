import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

// Debian's Chromium where it is; elsewhere the one that Playwright knows of.
const executablePath = ['/usr/bin/chromium'].find(existsSync);

export default defineConfig({
  testDir: 'test/browser',
  testMatch: '*.test.ts',
  outputDir: 'test-results',
  forbidOnly: true,
  fullyParallel: true,
  // Each test has a console of its own, and CI has two cores.
  workers: 2,
  timeout: 90_000,
  // A console asks its brokers before it answers, some for seconds: five, the usual, fail where the machine is busy besides.
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: {
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath && { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
