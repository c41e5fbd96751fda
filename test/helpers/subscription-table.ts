import { seededRandom } from '../../src/dataset/seeded-random.ts';

export interface Subscriber {
  readonly id: string;
  readonly contract: string;
  readonly months: number;
  readonly charges: string;
  /** The true log-odds of leaving. */
  readonly risk: number;
  readonly churned: boolean;
}

/** Subscribers whose risk follows from contract, months and charges; one charge in forty is an empty cell. */
export function subscribers(count: number, seed = 3): Subscriber[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const contract = ['month to month', 'one year', 'two years'][Math.floor(random() * 3)];
    const months = Math.floor(72 * random());
    const charges = 20 + 90 * random();
    const margin = { 'month to month': 1.2, 'one year': -0.4, 'two years': -1.6 }[contract] ?? 0;
    const risk = margin - 0.04 * (months - 36) + 0.02 * (charges - 60) - 0.6;
    return {
      id: `00${i}-${Math.floor(random() * 1e6)}`,
      contract,
      months,
      risk,
      charges: random() < 0.025 ? ' ' : charges.toFixed(2),
      churned: random() < 1 / (1 + Math.exp(-risk)),
    };
  });
}

/** As a file; with a constant, a name, a copy of the target under another name, and a reason only for those who left. */
export function subscriberCsv(rows: readonly Subscriber[], options: { withTarget?: boolean } = {}): string {
  const { withTarget = true } = options;
  const header = ['customerID', 'Contract', 'tenure', 'Charges', 'country', 'name'];
  const extra = withTarget ? ['Churn', 'status', 'reason', 'row'] : [];
  const lines = rows.map(({ id, contract, months, charges, churned }, i) => [
    id,
    contract,
    months,
    charges,
    'US',
    `person ${i} of the table`,
    ...(withTarget
      ? [churned ? 'Yes' : 'No', churned ? 'gone' : 'here', churned ? `reason ${i % 7}` : '', i]
      : []),
  ]);
  return `${[[...header, ...extra], ...lines].map((line) => line.join(',')).join('\n')}\n`;
}
