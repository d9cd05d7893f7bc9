import { defineConfig } from 'vitest/config';

/** End-to-end tests in the real Electron: one file at a time, because each owns the display. */
export default defineConfig({
  test: {
    include: ['test/app/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
