import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../helpers/cli-process.ts';
import { startTestRay } from '../helpers/ray-server.ts';

const home = mkdtempSync(join(tmpdir(), 'churn-mcp-ray-doctor-'));
const shared = join(home, 'shared');
mkdirSync(shared);
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What doctor says of Ray, with the address taken out. */
async function doctor(settings: Record<string, string>, version?: string) {
  await using ray = await startTestRay('right', [], version);
  const { code, stdout } = await runCli(['doctor'], {
    CHURN_MCP_HOME: home,
    CHURN_MCP_RAY_ADDRESS: ray.address.href,
    CHURN_MCP_RAY_TOKEN: 'right',
    ...settings,
  });
  const line = stdout.split('\n').find((text) => text.includes('  Ray: ')) ?? '';
  return { code, line: line.replace(ray.address.origin, 'http://head:8265').replace(home, 'HOME') };
}

describe('doctor on the configured Ray cluster', () => {
  it('says that the cluster answers and where rows are stored, and leaves nothing there', async () => {
    expect(await doctor({})).toMatchInlineSnapshot(`
      {
        "code": 0,
        "line": "ok      Ray: 2.60.0 answers at http://head:8265; rows travel with the job",
      }
    `);
    expect(await doctor({ CHURN_MCP_RAY_STORAGE: shared })).toMatchInlineSnapshot(`
      {
        "code": 0,
        "line": "ok      Ray: 2.60.0 answers at http://head:8265; rows go to HOME/shared",
      }
    `);
    expect(readdirSync(shared)).toEqual([]);
  });

  it('names what is wrong with the cluster', async () => {
    expect(await doctor({ CHURN_MCP_RAY_TOKEN: 'wrong' })).toMatchInlineSnapshot(`
      {
        "code": 3,
        "line": "FAILED  Ray: The Ray cluster refuses the token. Set CHURN_MCP_RAY_TOKEN to the RAY_AUTH_TOKEN that the cluster was started with.",
      }
    `);
    expect(await doctor({}, '2.9.3')).toMatchInlineSnapshot(`
      {
        "code": 3,
        "line": "FAILED  Ray: The cluster runs Ray 2.9.3. Ray 2.43 or newer is needed. Install the versions of ray/requirements.txt on the cluster.",
      }
    `);
    expect(await doctor({ CHURN_MCP_RAY_STORAGE: join(home, 'none') })).toMatchInlineSnapshot(`
      {
        "code": 3,
        "line": "FAILED  Ray: The rows of the training cannot be written for the cluster. CHURN_MCP_RAY_STORAGE must be a folder that this machine can write to and the cluster can read.",
      }
    `);
    expect(await doctor({ CHURN_MCP_RAY_ADDRESS: 'http://127.0.0.1:9' })).toMatchInlineSnapshot(`
      {
        "code": 3,
        "line": "FAILED  Ray: No Ray cluster answers at http://127.0.0.1:9. Start one with: ray start --head --include-dashboard=true, or correct CHURN_MCP_RAY_ADDRESS.",
      }
    `);
  });

  it('refuses an unknown kind of storage before anything begins', async () => {
    const { code, stderr } = await runCli(['doctor'], {
      CHURN_MCP_HOME: home,
      CHURN_MCP_RAY_STORAGE: 'gs://shop/rows',
    });
    expect(code).toBe(2);
    expect(stderr).toContain('CHURN_MCP_RAY_STORAGE must be a folder or s3://bucket/prefix');
  });
});
