import { defineConfig } from 'vitest/config';
import { writeGeneratedSources } from './src/generated-sources.mjs';

writeGeneratedSources();

/** Tests on a real cluster: `npm run test:ray`. */
export default defineConfig({
  test: {
    include: ['test/ray/**/*.ray.ts'],
    testTimeout: 920_000,
    // To install Ray takes minutes, and many more on a busy machine.
    hookTimeout: 1_800_000,
    fileParallelism: false,
    env: { ORT_DISABLE_TELEMETRY: '1' },
  },
});
