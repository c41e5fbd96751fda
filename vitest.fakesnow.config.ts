import { defineConfig } from 'vitest/config';
import { writeGeneratedSources } from './src/generated-sources.mjs';

writeGeneratedSources();

/** Tests against fakesnow, an emulator of Snowflake: `npm run test:fakesnow`. */
export default defineConfig({
  test: {
    include: ['test/fakesnow/**/*.fakesnow.ts'],
    testTimeout: 120_000,
    // The first run installs, and in CI other parts run beside it.
    hookTimeout: 600_000,
    fileParallelism: false,
    env: { ORT_DISABLE_TELEMETRY: '1' },
  },
});
