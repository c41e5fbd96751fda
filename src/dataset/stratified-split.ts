import type { Id } from '../data/data-source.ts';
import { seededHash } from './seeded-hash.ts';

export interface RowSplit {
  /** Row indices, ascending. */
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

export interface StratifiedSplitRequest {
  readonly ids: readonly Id[];
  /** 0 or 1 per row. */
  readonly labels: Float32Array;
  /** Share of each class that goes to the test part, rounded to whole rows. */
  readonly testShare: number;
  readonly seed: number;
}

/**
 * A seeded split that keeps the share of each class. A row's place follows from its id alone: within a class, rows
 * are ordered by a hash of seed and id, and the first share is the test part. So the same customers are split the same
 * way whatever the order of rows, and most of them keep their side when other customers come or go.
 */
export function stratifiedSplit({ ids, labels, testShare, seed }: StratifiedSplitRequest): RowSplit {
  const isTest = new Uint8Array(ids.length);
  for (const label of [0, 1]) {
    const rows = rowsByHash(ids, labels, label, seed);
    const testCount = Math.round(rows.length * testShare);
    for (const row of rows.slice(0, testCount)) isTest[row] = 1;
  }
  const side = (wanted: number) => Uint32Array.from([...ids.keys()].filter((row) => isTest[row] === wanted));
  return { train: side(0), test: side(1) };
}

function rowsByHash(ids: readonly Id[], labels: Float32Array, label: number, seed: number): number[] {
  const keyed: { row: number; key: number; id: string }[] = [];
  for (let row = 0; row < ids.length; row++) {
    if (labels[row] !== label) continue;
    const id = String(ids[row]);
    keyed.push({ row, id, key: seededHash(id, seed) });
  }
  // Ids are unique, so two ids of one hash still have one order.
  keyed.sort((a, b) => a.key - b.key || (a.id < b.id ? -1 : 1));
  return keyed.map(({ row }) => row);
}
