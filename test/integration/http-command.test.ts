import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, startCli } from '../helpers/cli-process.ts';
import { connectHttp } from '../helpers/http-server.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';

const home = await copyOfHome('trained demo');
const token = 'a-token-for-this-test';
const env = { CHURN_MCP_HOME: home, CHURN_MCP_HTTP_TOKEN: token, CHURN_MCP_LOG_LEVEL: 'error' };

describe('churn-mcp http', () => {
  it('prints its address, answers, and stops cleanly in the middle of a training', async () => {
    const child = startCli(['http', '--port', '0'], env);
    const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
    let [said, printed] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString('utf8');
    });
    const url = await new Promise<URL>((resolve) => {
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
        const [address] = /http:\/\/\S+\/mcp/.exec(said) ?? [];
        if (address !== undefined) resolve(new URL(address));
      });
    });
    const client = await connectHttp(url, token);
    expect((await client.callTool({ name: 'get_churn_metrics', arguments: {} })).isError).toBeFalsy();

    const versions = () => readdirSync(join(home, 'registry', 'customer_churn_predictor')).sort();
    const before = versions();
    const endless = { label: 'inactivity', tune: { trials: 500 }, params: { n_estimators: 10_000 } };
    const begun = new Promise<void>((resolve) => {
      client
        .callTool({ name: 'train_churn_model', arguments: endless }, undefined, {
          onprogress: () => resolve(),
        })
        .catch(() => undefined);
    });
    await begun;
    const asked = performance.now();
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    // As long as container runtimes wait before they kill is ten seconds; this is no measure of speed.
    expect(performance.now() - asked).toBeLessThan(5000);
    expect(versions()).toEqual(before);
    expect(printed).toBe('');
    expect(said).not.toContain(token);
    await client.close();
  });

  it.each([
    ['http', { url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/), access: 'token' }],
    ['dashboard', { url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/dashboard#token=./) }],
  ])('prints its address as JSON if asked: %s', async (command, told) => {
    const child = startCli(
      [command, '--port', '0', '--json', ...(command === 'http' ? [] : ['--no-open'])],
      env,
    );
    const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
    const line = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk) => resolve(String(chunk))),
    );
    child.kill('SIGTERM');
    expect(JSON.parse(line)).toEqual(told);
    expect(await exited).toBe(0);
  });

  it('prints the host names it answers to if its address does not tell them', async () => {
    const child = startCli(['http', '--port', '0', '--host', '0.0.0.0'], env);
    const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
    let said = '';
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
        if (said.includes('CHURN_MCP_PUBLIC_URL')) resolve();
      });
    });
    child.kill('SIGINT');
    expect(await exited).toBe(0);
    expect(said.replace(/:\d+\//, ':PORT/')).toMatchInlineSnapshot(`
      "churn-mcp serves MCP at http://0.0.0.0:PORT/mcp, to everybody who has the token. Ctrl-C ends it.
      It answers only requests for the hosts localhost and 127.0.0.1. If clients use another name, set it in CHURN_MCP_HTTP_ALLOWED_HOSTS or CHURN_MCP_PUBLIC_URL.
      "
    `);
  });

  it.each([
    [['http', '--host', '0.0.0.0'], { CHURN_MCP_HTTP_TOKEN: '' }, /could train and promote models/],
    [['http', '--host', ''], {}, /--host is empty/],
    [
      ['http'],
      { CHURN_MCP_HTTP_TOKEN: '', CHURN_MCP_PUBLIC_URL: 'https://churn.example.com' },
      /Without a token, everybody who reaches churn\.example\.com could train and promote models/,
    ],
    [['http', '--port', 'web'], {}, /--port takes a whole number/],
    [['http', '--host', '203.0.113.1', '--port', '0'], {}, /The server cannot listen on 203\.0\.113\.1/],
  ])('ends with exit code 2 and says what to do: %j', async (args, more: Record<string, string>, message) => {
    const result = await runCli(args, { ...env, ...more });
    expect(result.stderr).toMatch(message);
    expect(result).toMatchObject({ code: 2, stdout: '' });
  });
});
