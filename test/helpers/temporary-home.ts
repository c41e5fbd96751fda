import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

// As the command line does.
process.umask(0o077);

/** One empty CHURN_MCP_HOME per test file, removed when the file is done. */
const home = mkdtempSync(join(tmpdir(), 'churn-mcp-test-'));
process.env.CHURN_MCP_HOME = home;
afterAll(() => rmSync(home, { recursive: true, force: true }));
