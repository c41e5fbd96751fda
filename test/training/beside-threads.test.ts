import { describe, expect, it } from 'vitest';
import type { Progress } from '../../src/progress.ts';
import { besideThreads } from '../../src/training/beside-threads.ts';
import type { TrainingEnvironment } from '../../src/training/training-environment.ts';

const report: Progress = { phase: 'train', done: 1, total: 2, message: 'Training: tree 1 of 2' };

type Listener = Pick<TrainingEnvironment, 'onProgress'>;

describe('besideThreads', () => {
  it('works between the first report and the end of the training', async () => {
    const seen: string[] = [];
    const train = async ({ onProgress }: Listener) => {
      seen.push('begun');
      await new Promise(setImmediate);
      onProgress?.(report);
      await new Promise(setImmediate);
      onProgress?.(report);
      seen.push('trained');
      return 'trees';
    };
    const work = () => seen.push('worked');
    const listener = ({ message }: Progress) => seen.push(message);

    expect(await besideThreads(train, work, { onProgress: listener })).toEqual(['trees', 3]);
    expect(seen).toEqual(['begun', report.message, 'worked', report.message, 'trained']);
  });

  it('works after a training that reports nothing', async () => {
    expect(
      await besideThreads(
        async () => 'trees',
        () => 'done',
        {},
      ),
    ).toEqual(['trees', 'done']);
  });

  it('does no work if the training fails before its first report', async () => {
    let worked = 0;
    const failing = besideThreads(
      () => Promise.reject(new Error('no rows')),
      () => worked++,
      {},
    );

    await expect(failing).rejects.toThrow('no rows');
    expect(worked).toBe(0);
  });

  it('tells of the work if that fails, and not of the training besides', async () => {
    const train = async ({ onProgress }: Listener) => {
      onProgress?.(report);
      await new Promise(setImmediate);
      throw new Error('stopped later');
    };
    const work = () => {
      throw new Error('does not converge');
    };

    await expect(besideThreads(train, work, {})).rejects.toThrow('does not converge');
    await new Promise(setImmediate);
  });
});
