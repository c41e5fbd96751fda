import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { writeGeneratedSources } from './src/generated-sources.mjs';

writeGeneratedSources();

/** Tests against Snowflake's own Python packages, from PyPI: `npm run test:snowflake-ml`. */
export default defineConfig({
  test: {
    include: ['test/snowflake/mirror/register-model.test.ts', 'test/snowflake/runtime/**/*.test.ts'],
    globalSetup: ['test/helpers/run-folder.ts', 'test/snowflake/runtime/install-packages.ts'],
    setupFiles: ['test/helpers/temporary-home.ts', 'test/helpers/property-seed.ts'],
    testTimeout: 120_000,
    fileParallelism: false,
    env: {
      ORT_DISABLE_TELEMETRY: '1',
      CHURN_MCP_TEST_PYTHON: join(import.meta.dirname, '.snowflake-ml', 'bin', 'python'),
    },
  },
});
