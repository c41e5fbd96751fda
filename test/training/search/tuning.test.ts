import { describe, expect, it } from 'vitest';
import type { Progress } from '../../../src/progress.ts';
import { openRegistry } from '../../../src/registry/file-registry.ts';
import type { TrainingEnvironment } from '../../../src/training/training-environment.ts';
import { createInProcessTrainer } from '../../helpers/in-process-trainer.ts';
import { leavingCustomers } from '../../helpers/leaving-customers.ts';
import { makeSnapshot } from '../../helpers/snapshot.ts';
import { fieldsOf, trainChurnModel } from '../../helpers/training.ts';

async function train(
  request: Partial<Parameters<typeof trainChurnModel>[0]>,
  overrides: Partial<TrainingEnvironment> = {},
) {
  await using shop = await makeSnapshot(leavingCustomers());
  const env = {
    data: shop.data,
    registry: openRegistry(shop.home, { now: () => new Date() }),
    trainer: createInProcessTrainer(),
    now: () => new Date('2026-02-05T00:00:00Z'),
    ...overrides,
  };
  const { card } = await trainChurnModel({ label: 'forward', ...request }, env);
  return card;
}

describe('a search for parameters', () => {
  it('keeps every trial in the card and takes the best, the same for the same seed', async () => {
    const reports: string[] = [];
    const onProgress = ({ phase, message }: Progress) => {
      if (phase === 'tune') reports.push(message);
    };
    const card = await train({ horizonDays: 30, tune: { trials: 6 } }, { onProgress });
    const { trials, best } = fieldsOf(card).tuning ?? { trials: [], best: -1 };
    expect(trials).toHaveLength(6);
    const least = Math.min(...trials.map(({ log_loss }) => log_loss));
    const winner = trials.find(({ trial }) => trial === best);
    expect(winner?.log_loss).toBe(least);
    expect(card.params).toMatchObject({ ...winner?.params, n_estimators: winner?.trees });
    expect(trials[0]).toMatchObject({ trial: 0, params: { max_depth: 3, learning_rate: 0.05 } });
    expect(reports.at(-1)).toBe('Looking for better parameters, round 1: trial 6 of 6');
    expect(fieldsOf(await train({ horizonDays: 30, tune: { trials: 6 } })).tuning).toEqual(
      fieldsOf(card).tuning,
    );
  });

  it('holds out a quarter of the training rows of an inactivity model, and keeps its class weight', async () => {
    const card = await train({ label: 'inactivity', tune: { trials: 3 } });
    expect(fieldsOf(card).tuning?.trials.map(({ rows }) => rows)).toEqual([180, 180, 180]);
    expect(card.params.scale_pos_weight).toBeLessThan(1);
  });

  it('starts no trial after the time is up, but always tries the given parameters', async () => {
    let clock = 0;
    const now = () => {
      clock += 700;
      return new Date(clock);
    };
    const card = await train({ horizonDays: 30, tune: { trials: 20, timeBudgetSeconds: 2 } }, { now });
    const { trials, best } = fieldsOf(card).tuning ?? { trials: [], best: -1 };
    expect(trials.length).toBeGreaterThan(0);
    expect(trials.length).toBeLessThan(5);
    expect(trials[0].trial).toBe(0);
    expect(trials.map(({ trial }) => trial)).toContain(best);
  });
});
