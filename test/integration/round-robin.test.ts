import type { ChildProcess } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startCli } from '../helpers/cli-process.ts';
import { connectEraHttp, STATELESS } from '../helpers/era-client.ts';
import { roundRobin } from '../helpers/round-robin.ts';
import { copyOfHome } from '../helpers/shared-homes.ts';

const children: ChildProcess[] = [];
afterAll(async () => {
  const ended = children.map((child) => new Promise((resolve) => child.once('close', resolve)));
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(ended);
});

/** A server process over the home, whose calls become jobs soon. */
function startServer(home: string, token: string): Promise<URL> {
  const child = startCli(['http', '--port', '0'], {
    CHURN_MCP_HOME: home,
    CHURN_MCP_HTTP_TOKEN: token,
    CHURN_MCP_JOB_AFTER_S: '0.5',
    CHURN_MCP_LOG_LEVEL: 'error',
  });
  children.push(child);
  let said = '';
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const [address] = /http:\/\/\S+\/mcp/.exec(said) ?? [];
      if (address !== undefined) resolve(new URL(address));
    });
    child.once('close', () => reject(new Error(said)));
  });
}

const jobSchema = z.looseObject({ job_id: z.string(), status: z.string() });

describe('three processes on one home that answer in turn', () => {
  it('answer the calls of a client whose requests name their revision, jobs included', async () => {
    const home = await copyOfHome('trained demo');
    const token = 'a-token-for-this-test';
    const urls = await Promise.all([1, 2, 3].map(() => startServer(home, token)));
    await using balancer = await roundRobin(urls);
    const client = await connectEraHttp(STATELESS, balancer.url, { token });
    const call = async (name: string, args: Record<string, unknown> = {}) => {
      const { isError, structuredContent } = await client.callTool({ name, arguments: args });
      expect(isError).toBeFalsy();
      return structuredContent;
    };

    /** The answer of a call, also if it goes on as a job. */
    const answerOf = async (name: string, args: Record<string, unknown> = {}) => {
      const answer = await call(name, args);
      const job = jobSchema.safeParse(answer);
      if (!job.success) return answer;
      const { result, status } = jobSchema.parse(
        await call('get_job', { job_id: job.data.job_id, wait_s: 40 }),
      );
      expect(status).toBe('done');
      return result;
    };

    const metrics = [];
    for (let i = 0; i < 3; i++) metrics.push(await answerOf('get_churn_metrics', { label: 'forward' }));
    for (const answer of metrics) expect(answer).toMatchObject({ version: expect.stringMatching(/^v_/) });

    const long = { label: 'inactivity', tune: { trials: 500 }, params: { n_estimators: 10_000 } };
    const { job_id } = jobSchema.parse(await call('train_churn_model', long));
    // Each of these reaches another process.
    for (let i = 0; i < 3; i++) {
      const job = jobSchema.parse(await call('get_job', { job_id, wait_s: 0 }));
      expect(job.status).toBe('running');
    }
    expect(jobSchema.parse(await call('cancel_job', { job_id })).status).toBe('cancelled');
    for (let i = 0; i < 3; i++) {
      expect(jobSchema.parse(await call('get_job', { job_id })).status).toBe('cancelled');
    }

    const short = { label: 'inactivity', params: { n_estimators: 20 } };
    expect(await answerOf('train_churn_model', short)).toMatchObject({
      version: expect.stringMatching(/^v_/),
    });
    expect(Math.max(...balancer.counts) - Math.min(...balancer.counts)).toBeLessThanOrEqual(1);
    await client.close();
  });
});
