import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startCli } from '../helpers/cli-process.ts';
import { connectHttp } from '../helpers/http-server.ts';
import { newTestHome } from '../helpers/snapshot.ts';

const TOKEN = 'a-token-for-this-test';
const ENDLESS = { label: 'inactivity', tune: { trials: 500 }, params: { n_estimators: 10_000 } };

/** The threads of a process and how far each lets others go first. */
function nicenessOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8').split(') ')[1].split(' ')[16]),
  );
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    [...readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').matchAll(/\d+/g)].map(Number),
  );
}

describe.skipIf(process.platform !== 'linux')('the work that a server does in the background', () => {
  it('lets questions go first, and ends with a server that is killed', async () => {
    const child = startCli(['http', '--port', '0'], {
      CHURN_MCP_HOME: await newTestHome(),
      CHURN_MCP_HTTP_TOKEN: TOKEN,
      CHURN_MCP_LOG_LEVEL: 'error',
    });
    const server = child.pid ?? 0;
    const url = await new Promise<URL>((resolve) => {
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
        const [address] = /http:\/\/\S+\/mcp/.exec(said) ?? [];
        if (address !== undefined) resolve(new URL(address));
      });
    });
    const client = await connectHttp(url, TOKEN);
    const made = await client.callTool({ name: 'make_demo_shop', arguments: { customers: 300 } });
    expect(made.isError).toBeFalsy();
    await new Promise<void>((resolve) => {
      client
        .callTool({ name: 'train_churn_model', arguments: ENDLESS }, undefined, {
          onprogress: () => resolve(),
        })
        .catch(() => undefined);
    });
    const [worker, ...others] = childrenOf(server);
    expect(others).toEqual([]);
    expect(Math.max(...nicenessOf(server))).toBe(0);
    expect(Math.min(...nicenessOf(worker ?? 0))).toBe(5);
    child.kill('SIGKILL');
    await expect.poll(() => existsSync(`/proc/${worker}`), { timeout: 10_000 }).toBe(false);
  });
});
