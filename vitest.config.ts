import { defineConfig } from 'vitest/config';
import { missingForElectron } from './scripts/electron-binary.ts';

/** The one part that cannot be installed everywhere: its download may be refused. `npm test` names what is left out. */
const exclude = missingForElectron(import.meta.dirname).length > 0 ? ['test/desktop/electron.test.ts'] : [];

/** Limits end what hangs. They are long: how fast something is, the bench tells, and CI may be busy besides. */
const project = (name: string, timeout: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    exclude,
    testTimeout: timeout,
    hookTimeout: timeout,
    expect: { poll: { timeout: 20_000 } },
  },
});

export default defineConfig({
  test: {
    // CI has two cores. The integration tests mostly wait for real servers: two files at a time used less than half of it.
    maxWorkers: 3,
    projects: [project('unit', 60_000), project('integration', 120_000), project('desktop', 60_000)],
  },
});
