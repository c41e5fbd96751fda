import { defineConfig } from 'vitest/config';
import { writeGeneratedSources } from './src/generated-sources.mjs';

writeGeneratedSources();

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Many tests start real processes and worker pools; two at a time suit a small CI machine.
    maxWorkers: 2,
    // Tests that open the ONNX runtime themselves do it as the product does.
    env: { ORT_DISABLE_TELEMETRY: '1' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Each test file gets its own empty home folder, so that none sees a developer's real one, and one seed.
    setupFiles: ['test/helpers/temporary-home.ts', 'test/helpers/property-seed.ts'],
    sequence: { shuffle: { files: true, tests: false } },
  },
});
