import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

export default defineConfig({
  main: {
    build: { rolldownOptions: { input: { main: resolve(root, 'electron/main.ts') } } },
  },
  preload: {
    build: {
      rolldownOptions: {
        input: { preload: resolve(root, 'electron/preload.ts') },
        // A sandboxed preload is CommonJS; `.cjs` says so where the package says "module".
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'renderer'),
    plugins: [react()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      emptyOutDir: true,
      minify: true,
      // The window is read from the disk or from this machine, so one large file costs nothing.
      chunkSizeWarningLimit: 4096,
      rolldownOptions: { input: resolve(root, 'renderer/index.html') },
    },
  },
});
