import { defineConfig } from 'vitest/config';
import { writeGeneratedSources } from './src/generated-sources.mjs';

writeGeneratedSources();

/** The whole attack: `npm run attack`. The ordinary tests run the same files at a smaller scale. */
export default defineConfig({
  test: {
    include: ['test/attack/**/*.test.ts'],
    fileParallelism: false,
    // For tests that name no limit of their own, as in the ordinary run: here they start processes on a busy machine too.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    env: { ORT_DISABLE_TELEMETRY: '1', ATTACK: 'full' },
    setupFiles: ['test/helpers/temporary-home.ts', 'test/helpers/property-seed.ts'],
  },
});
