import { assignHoldout } from '../../src/campaigns/assignment.ts';
import type { CustomerOutcome } from '../../src/campaigns/results.ts';
import { seededRandom } from '../../src/dataset/seeded-random.ts';

export interface SimulationRequest {
  readonly customers: number;
  readonly heldOut: number;
  /** Share of those about to leave whom the offer keeps. */
  readonly keeps: number;
  readonly seed: number;
  /** Mean of the probabilities to leave. */
  readonly risk?: number;
}

export interface SimulatedCampaign {
  /** What the offer does, over all customers of the audience. */
  readonly truth: { readonly orderShare: number; readonly spent: number };
  /** What every customer has done when this share of the horizon has passed. */
  outcomesAt(passed: number): CustomerOutcome[];
}

/**
 * Customers with a probability to leave of their own and money spread log-normally, assigned as campaigns are. Whoever stays
 * orders at one to three random moments of the horizon.
 */
export function simulateCampaign(request: SimulationRequest): SimulatedCampaign {
  const { customers, heldOut, keeps, seed, risk = 0.6 } = request;
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const ids = Array.from({ length: customers }, (_, row) => row);
  // Between 2 · risk - 1 and 1: mean `risk`, more spread the nearer it is to a half.
  const churnProbabilities = ids.map(() => 1 - 2 * (1 - risk) * random());
  const expectedSpend = ids.map(() => 60 * Math.exp(0.8 * normal()));
  const isHeldOut = assignHoldout({ ids, churnProbabilities, expectedSpend }, heldOut, seed);
  const lives = ids.map((row) => {
    const leaves = random() < churnProbabilities[row];
    const isKept = isHeldOut[row] === 0 && random() < keeps;
    if (leaves && !isKept) return [];
    const orders = 1 + Math.floor(3 * random());
    const amount = (expectedSpend[row] / 2) * Math.exp(0.5 * normal() - 0.125);
    return Array.from({ length: orders }, () => ({ at: random(), amount }));
  });
  const mean = (worthOf: (row: number) => number) =>
    ids.reduce((sum, row) => sum + worthOf(row), 0) / customers;
  return {
    truth: {
      orderShare: keeps * mean((row) => churnProbabilities[row]),
      spent: keeps * mean((row) => churnProbabilities[row] * expectedSpend[row]),
    },
    outcomesAt: (passed) =>
      ids.map((row) => {
        const orders = lives[row].filter(({ at }) => at < passed);
        return {
          isHeldOut: isHeldOut[row] === 1,
          churnProbability: churnProbabilities[row],
          expectedSpend: expectedSpend[row],
          orders: orders.length,
          spent: orders.reduce((sum, { amount }) => sum + amount, 0),
        };
      }),
  };
}
