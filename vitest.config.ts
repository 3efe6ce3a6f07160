import { defineConfig } from 'vitest/config';

const project = (name: string, timeout: number) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: timeout, hookTimeout: timeout },
});

export default defineConfig({
  test: {
    // Two files at a time: the integration tests start real servers beside them, and CI has two cores.
    maxWorkers: 2,
    projects: [project('unit', 20_000), project('integration', 60_000), project('desktop', 20_000)],
  },
});
