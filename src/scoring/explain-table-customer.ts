import { ChurnMcpError } from '../errors.ts';
import type { ClassificationMetrics } from '../registry/card-figures.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { bandsOf, trustOf } from './forecast-trust.ts';
import { tableModelOf } from './score-table.ts';
import {
  averageOf,
  customerOf,
  explainerOf,
  type TableCustomer,
  type TableEnvironment,
} from './table-at-risk.ts';
import { scoreImportedTable } from './table-customers.ts';

export interface TableExplanation extends TableCustomer {
  readonly card: ModelCard;
  readonly valueColumn: string | undefined;
  /** Whether the customer had left when the table was made. */
  readonly hasLeft: boolean;
  readonly typicalProbability: number;
  readonly rawScore: number;
  /** The mean risk of those who are still there: from it on get_at_risk_customers lists them. */
  readonly atRiskFrom: number;
  /** The share of the whole table that left. */
  readonly left: number;
  readonly similar: ClassificationMetrics['calibration'][number] | undefined;
}

/** @throws UNKNOWN_CUSTOMER */
export async function explainTableCustomer(
  customerId: string,
  { home, version, signal }: TableEnvironment,
): Promise<TableExplanation> {
  const { card } = version;
  const scored = await scoreImportedTable(home, tableModelOf(version), signal);
  const { table, probabilities } = scored;
  const row = table.ids.indexOf(customerId);
  if (row < 0) {
    throw new ChurnMcpError('UNKNOWN_CUSTOMER', 'The table of customers has no customer with that id.', {
      hint: `Ids are those of the column ${table.summary.id_column}; get_at_risk_customers with label "column" lists some.`,
    });
  }
  const explainer = explainerOf(scored, version);
  const [reasons] = explainer.explain([row]);
  const [band] = bandsOf([probabilities[row]], trustOf(card).bands);
  return {
    ...customerOf(scored, row),
    card,
    valueColumn: table.summary.value,
    hasLeft: table.labels[row] === 1,
    typicalProbability: 1 / (1 + Math.exp(-explainer.typicalRawScore)),
    rawScore: reasons.reduce((sum, { contribution }) => sum + contribution, explainer.typicalRawScore),
    atRiskFrom: averageOf(scored),
    left: explainer.left,
    reasons,
    similar: band && { predicted: band.said, observed: band.happened, count: band.customers },
  };
}
