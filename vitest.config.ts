import { defineConfig } from 'vitest/config';
import { engineTransforms } from './main/setup/vite/house.ts';
import { scriptTexts } from './main/setup/vite/text.ts';

/** Unit, property and conformance tests: everything but the real Electron, which vitest.app.config.ts drives. */
export default defineConfig({
  plugins: [scriptTexts(engineTransforms), ...engineTransforms()],
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/app/**', 'node_modules/**', 'out/**'],
    environment: 'node',
    // For what hangs, not for what is slow: a machine may be busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
