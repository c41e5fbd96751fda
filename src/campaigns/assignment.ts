import type { Id } from '../data/data-source.ts';
import { seededHash } from '../dataset/seeded-hash.ts';
import { seededRandom } from '../dataset/seeded-random.ts';

/** Customers told apart by how likely they are to leave: the same in every campaign, so that campaigns can be compared. */
export const RISK_BANDS = [
  { name: 'low', below: 0.25 },
  { name: 'medium', below: 0.5 },
  { name: 'high', below: 0.75 },
  { name: 'very high', below: Number.POSITIVE_INFINITY },
] as const;

const VALUE_BANDS = 3;

export interface Audience {
  readonly ids: readonly Id[];
  readonly churnProbabilities: ArrayLike<number>;
  /** What each customer would spend in the horizon if they stay. */
  readonly expectedSpend: ArrayLike<number>;
}

/** The band of `RISK_BANDS` that a probability lies in. */
export function riskBandOf(churnProbability: number): number {
  return RISK_BANDS.findIndex(({ below }) => churnProbability < below);
}

/**
 * Which customers are left uncontacted: exactly `heldOut` of them, each with the same chance, and from every band of risk and
 * value its share to within one customer. The same seed and the same customers give the same answer, in any order.
 *
 * Customers stand in a line, band after band and shuffled within, and every n-th is taken from a random start: systematic
 * sampling, as in Cochran, "Sampling Techniques", 1977, chapter 8.
 *
 * @returns 1 for each customer who is held out, else 0
 */
export function assignHoldout(audience: Audience, heldOut: number, seed: number): Uint8Array {
  const { ids } = audience;
  const line = shuffledByBand(audience, seed);
  const step = ids.length / heldOut;
  const start = seededRandom(seed)();
  const isHeldOut = new Uint8Array(ids.length);
  for (let k = 0; k < heldOut; k++) isHeldOut[line[Math.floor((start + k) * step)]] = 1;
  return isHeldOut;
}

function shuffledByBand({ ids, churnProbabilities, expectedSpend }: Audience, seed: number): number[] {
  const keyed = ids.map((id, row) => ({ row, id: String(id), hash: seededHash(String(id), seed), band: 0 }));
  const byValue = [...keyed].sort(
    (a, b) => expectedSpend[a.row] - expectedSpend[b.row] || (a.id < b.id ? -1 : 1),
  );
  for (const [rank, customer] of byValue.entries()) {
    const value = Math.floor((rank * VALUE_BANDS) / byValue.length);
    customer.band = riskBandOf(churnProbabilities[customer.row]) * VALUE_BANDS + value;
  }
  // Ids are unique, so two ids of one hash still have one order.
  return keyed
    .sort((a, b) => a.band - b.band || a.hash - b.hash || (a.id < b.id ? -1 : 1))
    .map(({ row }) => row);
}
