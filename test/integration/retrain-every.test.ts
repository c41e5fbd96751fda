/** A server that trains models again by itself, as a process of its own. */
import { ResourceListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { runCli, startCli } from '../helpers/cli-process.ts';
import { connectHttp } from '../helpers/http-server.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';

const home = await copyOfHome('demo shop');
const env = { CHURN_MCP_HOME: home, CHURN_MCP_HTTP_METRICS: 'true', CHURN_MCP_LOG_LEVEL: 'error' };

describe('--retrain-every', () => {
  it('trains a new version of a champion that is old enough, tells clients, and counts it', async () => {
    const old = ['call', 'train_churn_model', '{"label":"inactivity","as_of":"2026-01-20"}', '-q'];
    expect((await runCli(old, env)).code).toBe(0);
    const child = startCli(['http', '--port', '0', '--json', '--retrain-every', '5s'], env);
    const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
    const line = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk) => resolve(String(chunk))),
    );
    const url = new URL(JSON.parse(line).url);
    const client = await connectHttp(url);
    let told = 0;
    client.setNotificationHandler(ResourceListChangedNotificationSchema, () => {
      told++;
    });
    await client.subscribeResource({ uri: 'churn://models/customer_churn_predictor/champion' });
    const counted = async () => await (await fetch(new URL('/metrics', url))).text();
    await expect
      .poll(counted, { timeout: 60_000, interval: 500 })
      .toMatch(
        /^churn_mcp_retrainings_total\{model="customer_churn_predictor",outcome="(?:promoted|champion stays)"\} 1$/m,
      );
    await expect.poll(() => told, { timeout: 10_000 }).toBeGreaterThan(0);
    await client.close();
    child.kill('SIGINT');
    expect(await exited).toBe(0);
    expect((await runCli(['doctor', '-q'], env)).stdout).toMatch(
      /^ok {6}Retraining: last on .* UTC; customer_churn_predictor: (?:promoted|champion stays|unchanged)$/m,
    );
  });

  it('is refused with a time that it does not understand, and on a server that only reads', async () => {
    const refused = await runCli(['http', '--retrain-every', 'daily'], env);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toBe(
      '--retrain-every takes no "daily". Write a time such as 24h or 7d (s, m, h, d), or drift: when customers have moved much since the training.\n',
    );
    const reading = await runCli(['http', '--retrain-every', '1d'], { ...env, CHURN_MCP_READ_ONLY: 'true' });
    expect(reading.stderr).toBe(
      '--retrain-every trains models, and CHURN_MCP_READ_ONLY forbids that. Leave one of them out.\n',
    );
  });
});
