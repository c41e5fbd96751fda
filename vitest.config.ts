import { defineConfig } from 'vitest/config';
import { writeGeneratedSources } from './src/generated-sources.mjs';

writeGeneratedSources();

/** Tests that start processes, browsers or threads that train, or that measure their own process. */
const OWN_PROCESS = [
  'test/app/**/*.test.ts',
  'test/attack/**/*.test.ts',
  'test/data/processes/**/*.test.ts',
  'test/integration/**/*.test.ts',
  'test/registry/registry-processes.test.ts',
  'test/training/backend/**/*.test.ts',
];

export default defineConfig({
  test: {
    // Many tests start real processes and worker pools; two at a time suit a small CI machine.
    maxWorkers: 2,
    // Tests that open the ONNX runtime themselves do it as the product does.
    env: { ORT_DISABLE_TELEMETRY: '1' },
    // Also on a busy machine.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    globalSetup: ['test/helpers/run-folder.ts'],
    // Each test file gets its own empty home folder, so that none sees a developer's real one, and one seed.
    setupFiles: ['test/helpers/temporary-home.ts', 'test/helpers/property-seed.ts'],
    projects: [
      { extends: true, test: { name: 'own process', include: OWN_PROCESS } },
      // A process for each file would load the same modules again and again, which takes longer than most of these tests.
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: OWN_PROCESS, isolate: false },
      },
    ],
  },
});
