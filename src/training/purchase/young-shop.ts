/**
 * A shop whose orders begin a few months ago. Products that a customer bought before the first order that is known look new to
 * them; each month fewer do, so a model of earlier months says too many purchases of new products. How many too many an earlier
 * model said is carried on, the less the longer the history is.
 */
import { columnOf, rowsWhere, selectRows } from '../../dataset/column-rows.ts';
import type { LabelledDataset } from '../../dataset/feature-matrix.ts';
import { daysBetween } from '../../features/calendar-day.ts';
import { rawScoresOf } from '../../gbdt/raw-scores.ts';
import type { Tree, TreeEnsemble } from '../../gbdt/tree.ts';
import { meanOf } from '../../metrics/mean.ts';
import { interceptOf } from '../churn/season/hazard-intercept.ts';
import { boughtBefore } from './bought-before.ts';
import { purchaseShareOf } from './purchase-share.ts';

/** What log-odds of products new to the customer, and of those bought before, are short of. */
export interface Shortfall {
  readonly newProducts: number;
  readonly knownProducts: number;
}

/** A model, by the days it learnt from, and the day after which it is to tell. */
export interface Outlook {
  readonly trainCutoffs: readonly string[];
  readonly day: string;
}

/** The error of one period says little of the next unless the history grew much between them: see `carriedShare`. */
const DOUBT = 0.25;
/** Below it nothing is carried on: such a shop has about eight months of orders, or more. */
const LEAST_SHARE = 0.35;
/** With so many purchases, half of an error is taken for chance. */
const DOUBTED_PURCHASES = 100;
/** Odds are at most doubled or halved: a model of a shop's first weeks may be off by more, and the next one is not. */
const MOST_ADDED = Math.LN2;

/**
 * How much of one model's error the next one is taken to have: both looked ahead, by as much as the logarithm of the known
 * history was to grow. The slope of error over growth, shrunk, times the next growth. 0 if it would be small.
 */
export function carriedShare(firstOrderDate: string, tried: Outlook, next: Outlook): number {
  const [before, ahead] = [growthOf(firstOrderDate, tried), growthOf(firstOrderDate, next)];
  const share = (before * ahead) / (before ** 2 + DOUBT);
  return share < LEAST_SHARE ? 0 : share;
}

function growthOf(firstOrderDate: string, { trainCutoffs, day }: Outlook): number {
  const known = (cutoff: string) => Math.log(Math.max(1, daysBetween(firstOrderDate, cutoff)));
  return known(day) - meanOf(trainCutoffs.map(known));
}

/** What a model's log-odds are short of on pairs that it had not seen; negative if it says too many purchases. */
export function shortfallOn(ensemble: TreeEnsemble, pairs: LabelledDataset): Shortfall {
  const timesBought = columnOf(pairs, 'times_bought');
  const ofGroup = (isOfGroup: (times: number) => boolean) => {
    const rows = rowsWhere(pairs.rowCount, (row) => isOfGroup(timesBought[row]));
    const group = selectRows(pairs, rows);
    const share = purchaseShareOf([group]);
    if (share === 0 || share === 1) return 0;
    const purchases = group.labels.reduce((sum, label) => sum + label, 0);
    const trust = purchases / (purchases + DOUBTED_PURCHASES);
    return trust * interceptOf(rawScoresOf(ensemble, group), share, group.weights);
  };
  return { newProducts: ofGroup((times) => times < 1), knownProducts: ofGroup((times) => times >= 1) };
}

/** Adds a share of a shortfall to the log-odds, by one more tree. */
export function withShortfall(
  ensemble: TreeEnsemble,
  { newProducts, knownProducts }: Shortfall,
  share: number,
) {
  const added = (shortfall: number) => Math.max(-MOST_ADDED, Math.min(MOST_ADDED, share * shortfall));
  const tree: Tree = boughtBefore(ensemble.featureNames);
  tree.leafValues.set([0, added(newProducts), added(knownProducts)]);
  return { ...ensemble, trees: [...ensemble.trees, tree] };
}
