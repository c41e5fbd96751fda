import { describe, expect, it } from 'vitest';
import { ChurnMcpError } from '../../src/errors.ts';
import { JobBoard } from '../../src/server/job-board.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';
import { sampleCard } from '../helpers/sample-cards.ts';

/** A training that the test ends, or that ends when it is stopped. */
function slowTraining() {
  let settle: { done: () => void; failed: (error: Error) => void } | undefined;
  const services = fakeServices({
    churn: {
      train: (_, { signal, onProgress }) =>
        new Promise((resolve, reject) => {
          onProgress?.({ phase: 'train', done: 40, total: 100, message: 'Training: tree 40 of 100' });
          settle = {
            done: () => resolve({ card: sampleCard, promoted: true, promotion: 'It is the champion.' }),
            failed: reject,
          };
          signal?.addEventListener('abort', () =>
            reject(new ChurnMcpError('CANCELLED', 'The work was cancelled. Nothing was changed.')),
          );
        }),
    },
  });
  return {
    services,
    end: () => settle?.done(),
    fail: (error: Error) => settle?.failed(error),
  };
}

async function withJob() {
  const { services, ...training } = slowTraining();
  const client = await connectClient(services, { jobs: new JobBoard({ afterMs: 10 }) });
  const ticket = await client.callTool({ name: 'train_churn_model', arguments: {} });
  const { job_id } = ticket.structuredContent as { job_id: string };
  const read = async (name: string, args: Record<string, unknown> = {}) => {
    const answer = await callText(client, name, args);
    return { ...answer, text: answer.text.replaceAll(job_id, 'JOB') };
  };
  return { client, job_id, read, ...training, ticket };
}

describe('a call that takes long', () => {
  it('is answered with a job that its output schema allows', async () => {
    const { client, ticket, end } = await withJob();
    // The client's own validator: it throws where structured content is not as the schema has it.
    await client.listTools();
    expect(ticket.isError).toBeFalsy();
    expect(Object.keys(ticket.structuredContent as object).sort()).toEqual([
      'job_id',
      'status',
      'text',
      'tool',
    ]);
    end();
    await client.close();
  });

  it('reports its progress, and its result once there is one', async () => {
    const { client, read, job_id, end } = await withJob();
    const { text: running } = await read('get_job', { job_id, wait_s: 0 });
    expect(running.replace(/for \d+ seconds?/, 'for N seconds')).toMatchInlineSnapshot(
      `"train_churn_model has been running for N seconds as job JOB. Training: tree 40 of 100."`,
    );
    const asked = read('get_job', { wait_s: 30 });
    end();
    const { text, structuredContent } = await asked;
    expect(text).toContain('customer_churn_forecast v_20260105_101500');
    expect(structuredContent).toMatchObject({
      job_id,
      status: 'done',
      tool: 'train_churn_model',
      result: { roc_auc: sampleCard.metrics.roc_auc, promoted: true },
    });
    expect(structuredContent).not.toHaveProperty('result.text');
    expect(
      (await read('cancel_job', { job_id })).text.replace(/took \d+ seconds?/, 'took N seconds'),
    ).toMatchInlineSnapshot(`"train_churn_model had already ended: it is done and took N seconds."`);
    await client.close();
  });

  it('can be cancelled', async () => {
    const { client, read, job_id } = await withJob();
    expect((await read('cancel_job', { job_id })).text).toMatchInlineSnapshot(
      `"train_churn_model was stopped after 0 seconds. Nothing was registered."`,
    );
    expect((await read('get_job')).text).toMatchInlineSnapshot(
      `"train_churn_model was cancelled after 0 seconds. Nothing was registered."`,
    );
    await client.close();
  });

  it('says why it failed, without internals', async () => {
    const { client, read, fail } = await withJob();
    fail(new ChurnMcpError('ONE_CLASS', 'All customers are active.', { hint: 'Choose another threshold.' }));
    const { text, structuredContent, isError } = await read('get_job');
    expect(text).toMatchInlineSnapshot(
      `"train_churn_model failed after 0 seconds: All customers are active. Choose another threshold."`,
    );
    expect(structuredContent).toMatchObject({ status: 'failed', error_code: 'ONE_CLASS' });
    expect(isError).toBe(false);
    await client.close();
  });

  it('answers an internal fault with a reference to the log', async () => {
    const { client, read, fail } = await withJob();
    fail(new Error('at /home/ann/churn/secret.ts:12'));
    const { text } = await read('get_job');
    expect(text).toMatch(
      /^train_churn_model failed after \d seconds?: INTERNAL: train_churn_model failed inside churn-mcp\./,
    );
    expect(text).not.toContain('secret');
    await client.close();
  });
});

describe('get_job', () => {
  it('says that there is none to show if no call became a job and no id is given', async () => {
    const client = await connectClient(fakeServices());
    expect(await callText(client, 'get_job')).toEqual({
      isError: true,
      structuredContent: undefined,
      text: 'There is no job to show. If a call returned a job_id, give it. A call becomes a job only if it takes long.',
    });
    await client.close();
  });

  it.each([
    ['get_job', { job_id: 'guessed' }],
    ['cancel_job', { job_id: 'guessed' }],
  ])('says that there is no such job: %s with %j', async (name, args) => {
    const client = await connectClient(fakeServices());
    expect(await callText(client, name, args)).toEqual({
      isError: true,
      structuredContent: undefined,
      text: 'There is no such job. Jobs end when the server ends; list_models shows what they registered.',
    });
    await client.close();
  });
});
