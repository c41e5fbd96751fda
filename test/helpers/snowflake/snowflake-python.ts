/** A Python that has Snowflake's packages, if there is one: `npm run test:snowflake-ml` installs it. */
import { spawnSync } from 'node:child_process';

export const python = process.env.CHURN_MCP_TEST_PYTHON ?? 'python3';

export function hasPackages(...names: readonly string[]): boolean {
  return spawnSync(python, ['-c', `import ${names.join(', ')}`]).status === 0;
}
