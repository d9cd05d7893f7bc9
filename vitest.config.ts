import { defineConfig } from 'vitest/config';

/** Unit, property and conformance tests: everything but the real Electron, which vitest.app.config.ts drives. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/app/**', 'node_modules/**', 'out/**'],
    environment: 'node',
  },
});
