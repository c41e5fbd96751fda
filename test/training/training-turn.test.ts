import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TurnRequest, withTrainingTurn } from '../../src/training/training-turn.ts';
import { bundleFile } from '../helpers/bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-turn-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let homes = 0;
const request = (more: Partial<TurnRequest> = {}): TurnRequest => ({
  home: join(folder, `home${homes}`),
  model: 'customer_churn_forecast',
  wait: false,
  now: () => new Date('2026-01-31T10:00:12Z'),
  ...more,
});

/** A training that a test ends. */
function held(): { done: Promise<void>; end: () => void } {
  let end: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { done, end: () => end() };
}

describe('the queue of trainings', () => {
  it('refuses a second training, and says what runs', async () => {
    homes++;
    const { done, end } = held();
    const first = withTrainingTurn(request({ now: () => new Date('2026-01-31T10:00:00Z') }), () => done);
    await expect
      .poll(() => withTrainingTurn(request(), async () => undefined).catch((error) => error.message))
      .toBe(
        'A training of customer_churn_forecast has been running in this home folder for 12 s. Only one runs at a time.',
      );
    end();
    await first;
    expect(await withTrainingTurn(request(), async () => 'free')).toBe('free');
  });

  it('lets a training wait for its turn, and stop waiting', async () => {
    homes++;
    const { done, end } = held();
    const order: string[] = [];
    const first = withTrainingTurn(request(), () => done.then(() => order.push('first')));
    const waited = new Promise<string>((resolve) => {
      const onProgress = ({ message }: { message: string }) => resolve(message);
      withTrainingTurn(request({ wait: true, onProgress }), async () => order.push('second')).then(() =>
        order.push('end'),
      );
    });
    expect(await waited).toContain('Waiting for its turn.');
    const impatient = withTrainingTurn(
      request({ wait: true, signal: AbortSignal.timeout(20) }),
      async () => 'never',
    );
    await expect(impatient).rejects.toMatchObject({ code: 'CANCELLED' });
    end();
    await first;
    await expect.poll(() => order).toEqual(['first', 'second', 'end']);
  });

  it('refuses the 21st training in line at once, and serves the others in the order they came', async () => {
    homes++;
    const { done, end } = held();
    const order: number[] = [];
    const first = withTrainingTurn(request(), () => done);
    const others = Array.from({ length: 19 }, (_, i) =>
      withTrainingTurn(request({ wait: true }), async () => order.push(i)),
    );
    await expect(withTrainingTurn(request({ wait: true }), async () => 0)).rejects.toMatchObject({
      code: 'TRAINING_BUSY',
      message: '20 trainings already wait in this home folder.',
    });
    end();
    await Promise.all([first, ...others]);
    expect(order).toEqual([...Array(19).keys()]);
    expect(await withTrainingTurn(request(), async () => 'free')).toBe('free');
  });

  it.each([
    ['an empty file', ''],
    ['the beginning of a database', 'D'.repeat(8192)],
    ['a text', 'locked by nobody'],
  ])('treats %s as a free lock', async (_, content) => {
    homes++;
    mkdirSync(request().home, { recursive: true });
    writeFileSync(join(request().home, 'training.lock'), content);
    const both = [
      withTrainingTurn(request(), async () => 1),
      withTrainingTurn(request({ wait: true }), async () => 2),
    ];
    expect(await Promise.all(both)).toEqual([1, 2]);
    expect(readdirSync(request().home)).toEqual(['training.lock']);
  });

  it('fails with STORAGE if the home folder cannot be written, and is free afterwards', async () => {
    homes++;
    const notice = join(request().home, 'training.json');
    mkdirSync(join(notice, 'in-the-way'), { recursive: true });
    await expect(withTrainingTurn(request(), async () => 0)).rejects.toMatchObject({ code: 'STORAGE' });
    rmSync(notice, { recursive: true });
    expect(await withTrainingTurn(request(), async () => 'free')).toBe('free');
  });

  it('lets the next training run after one has failed', async () => {
    homes++;
    const failing = withTrainingTurn(request(), () => Promise.reject(new Error('no memory')));
    await expect(failing).rejects.toThrow('no memory');
    expect(await withTrainingTurn(request(), async () => 'free')).toBe('free');
  });

  describe('between processes', () => {
    let script = '';
    beforeAll(async () => {
      script = await bundleFile('test/training/hold-turn.ts', folder);
    });

    it('waits while the other process lives, and is free once it was killed', async () => {
      homes++;
      const child = spawn(process.execPath, [script, request().home], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      await expect(withTrainingTurn(request(), async () => 'mine')).rejects.toMatchObject({
        code: 'TRAINING_BUSY',
      });
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(await withTrainingTurn(request(), async () => 'mine')).toBe('mine');
    });
  });
});
