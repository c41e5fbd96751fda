import type { DataSource } from '../../../data/data-source.ts';
import { reportStep } from '../../progress-report.ts';
import type { TrainingEnvironment } from '../../training-environment.ts';
import type { ShopPlan } from '../plan.ts';
import type { ShopRows } from '../read-slices.ts';
import type { SeasonRows } from '../slices.ts';
import { readWeeklyCounts } from './weekly-counts.ts';

export interface SeasonSource {
  /** Of the data, which may be a sample. */
  readonly customersPerRow: number;
  readonly data: DataSource;
  readonly plan: ShopPlan;
  readonly rows: ShopRows;
  readonly refitCutoffs: readonly string[];
}

/** The shop's weeks up to the day of training, for the evaluated and for the registered forecast. */
export async function readSeason(
  { data, plan, rows, refitCutoffs, customersPerRow }: SeasonSource,
  env: TrainingEnvironment,
): Promise<SeasonRows> {
  reportStep(env, 'read', 'Reading how the weeks of the year differ');
  const { asOf, horizonDays } = plan;
  const weeks = await readWeeklyCounts(data, asOf, env.signal);
  return {
    shop: { weeks, asOf, horizonDays, dated: rows.dated },
    evaluationCutoff: plan.cutoffs[0],
    trainCutoffs: rows.trainCutoffs,
    refitCutoffs,
    customersPerRow,
  };
}
