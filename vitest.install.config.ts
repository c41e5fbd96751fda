import { defineConfig } from 'vitest/config';
import { writeGeneratedSources } from './src/generated-sources.mjs';

writeGeneratedSources();

/** Tests that install from the npm registry, which may be slow: `npm run test:install`. */
export default defineConfig({
  test: {
    include: ['test/install/**/*.install.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    fileParallelism: false,
    env: { ORT_DISABLE_TELEMETRY: '1' },
  },
});
