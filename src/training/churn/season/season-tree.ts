import { dayOfYear, WEEKS_OF_YEAR, weekOfYear } from '../../../features/calendar-day.ts';
import { emptyTree, type Tree } from '../../../gbdt/tree.ts';

const DAYS_A_WEEK = 7;
const YEAR_DAYS = 365;

/**
 * How many days after `asOf` a forecast would be made whose day lies in leaf `leaf`: 0 for the leaf of `asOf` itself, else
 * the days until the leaf's middle comes next.
 */
export function daysAheadOfLeaf(leaf: number, asOf: string): number {
  const day = dayOfYear(asOf);
  if (weekOfYear(day) === leaf) return 0;
  return (leaf * DAYS_A_WEEK + 4 - day + YEAR_DAYS) % YEAR_DAYS;
}

/** What holds for a forecast made in each week of the year, by how many days after `asOf` that is. */
export function byLeaf(asOf: string, of: (daysAhead: number) => number): number[] {
  return Array.from({ length: WEEKS_OF_YEAR }, (_, leaf) => of(daysAheadOfLeaf(leaf, asOf)));
}

/**
 * A tree of one feature, the day of the year, with a leaf per seven days; the last one holds nine. Whatever reads trees
 * (the ONNX file, Shapley values, SQL functions) then knows the season. Covers are the days of the leaves. A forecast has
 * one such tree per group of customers.
 *
 * @param feature column of the day of the year. @param leafValues log-odds, 52.
 */
export function seasonTree(feature: number, leafValues: readonly number[]): Tree {
  const tree = emptyTree(2 * leafValues.length - 1);
  let nodes = 0;
  /** Adds the subtree of leaves `first` … `last`, and returns its node. */
  const add = (first: number, last: number): number => {
    const node = nodes++;
    tree.covers[node] = firstDayOf(last + 1, leafValues.length) - firstDayOf(first, leafValues.length);
    if (first === last) {
      tree.leafValues[node] = leafValues[first];
      return node;
    }
    const middle = (first + last + 1) >> 1;
    tree.splitFeatures[node] = feature;
    tree.thresholds[node] = firstDayOf(middle, leafValues.length);
    tree.leftChildren[node] = add(first, middle - 1);
    tree.rightChildren[node] = add(middle, last);
    return node;
  };
  add(0, leafValues.length - 1);
  return tree;
}

function firstDayOf(leaf: number, leaves: number): number {
  return leaf === leaves ? YEAR_DAYS + 2 : leaf * DAYS_A_WEEK + 1;
}
