import { openDay } from '../data/compose-statement.ts';
import type { ColumnTable, Id } from '../data/data-source.ts';
import { sharedColumnOf, toFeatureMatrix } from '../dataset/column-rows.ts';
import type { FeatureMatrix } from '../dataset/feature-matrix.ts';
import { ChurnMcpError } from '../errors.ts';
import { reasonsOf } from '../explain/risk-reasons.ts';
import { compareWithTypical } from '../explain/typical-customer.ts';
import { resolveAsOf } from '../features/as-of-day.ts';
import { type FeatureValues, readFeatureValues, withOneMoreOrder } from '../features/one-more-order.ts';
import type { DetailFields } from '../registry/card-details.ts';
import type { ClassificationMetrics } from '../registry/card-figures.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type {
  CustomerExplanation,
  ExplainCustomerRequest,
  FeatureContribution,
} from './customer-explanation.ts';
import { readProfiles } from './customer-profile.ts';
import { toldValue, valueOutlookOf } from './customer-value.ts';
import { bandsOf, trustOf } from './forecast-trust.ts';
import { readOrderDays } from './order-days.ts';
import type { ScoringEnvironment } from './score-customers.ts';

/** At most this many more orders are tried, because nobody can act on advice to place more. */
const MOST_ORDERS = 3;

/**
 * Explains a customer's risk: exact Shapley values of the registered trees, summed by theme; what happened to similar
 * customers; and how many orders of the usual value would bring the risk below a threshold.
 *
 * @throws UNKNOWN_CUSTOMER, INVALID_ARGUMENT
 */
export async function explainCustomer(
  request: ExplainCustomerRequest,
  env: ScoringEnvironment & Pick<CustomerExplanation, 'atRiskFrom'>,
): Promise<CustomerExplanation> {
  const { version, scorer, signal, atRiskFrom } = env;
  const { withOrderDays = true, line = atRiskFrom } = request;
  const asOf = await resolveAsOf(env.data, request.asOf);
  const table = await readCustomer(request.customerId, asOf, env);
  const features = toFeatureMatrix(table, version.card.features);
  const [churnProbability] = await scorer.score(features, signal);
  const { ensemble, card } = version;
  const { typical_customer }: DetailFields = card.details;
  const compared = compareWithTypical(ensemble, features, typical_customer);
  const { typicalRawScore, contributions } = compared;
  return {
    card,
    asOf,
    customerId: table.ids('customer_id')[0],
    orderDays: withOrderDays
      ? await readOrderDays(env.data, { customerId: request.customerId, asOf }, signal)
      : [],
    profile: readProfiles(table)(0),
    churnProbability,
    value: toldValue(valueOutlookOf({ table, probabilities: [churnProbability], asOf }, card), 0),
    typicalProbability: 1 / (1 + Math.exp(-typicalRawScore)),
    atRiskFrom,
    line,
    rawScore: contributions.reduce((sum, value) => sum + value, typicalRawScore),
    contributions: contributionsOf(features, contributions),
    reasons: reasonsOf(features.featureNames, contributions),
    similar: similarCustomers(card, churnProbability),
    afterOrders: await scoreMoreOrders(line, churnProbability, table, env),
  };
}

async function readCustomer(
  customerId: Id,
  asOf: string,
  { data, signal }: ScoringEnvironment,
): Promise<ColumnTable> {
  const file = 'portable/reads/churn_features_of_customer';
  await using day = await openDay(data, asOf, [file], signal);
  const query = day.statement({ file, values: [String(customerId)] });
  const table = await day.data.columns({ ...query, signal });
  if (table.rowCount > 0) return table;
  throw new ChurnMcpError('UNKNOWN_CUSTOMER', `No customer with that id had ordered by ${asOf}.`, {
    hint: 'Ids are the shop’s own; get_at_risk_customers lists some. Without as_of, the latest day counts.',
  });
}

function contributionsOf(
  { featureNames, columns }: FeatureMatrix,
  values: Float64Array,
): FeatureContribution[] {
  return featureNames
    .map((feature, i) => {
      const [value] = columns[i];
      return { feature, value: Number.isNaN(value) ? undefined : value, contribution: values[i] };
    })
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}

type CalibrationBin = ClassificationMetrics['calibration'][number];

/**
 * What happened to earlier active customers in the same band of probability. For a card without bands, it takes the bin
 * of the evaluation with the nearest mean prediction (bins are ascending; the lower one wins a tie).
 */
function similarCustomers(card: ModelCard, probability: number): CalibrationBin | undefined {
  const [band] = bandsOf([probability], trustOf(card).bands);
  if (band) return { predicted: band.said, observed: band.happened, count: band.customers };
  const distance = (bin: CalibrationBin) => Math.abs(bin.predicted - probability);
  return card.metrics.calibration.reduce<CalibrationBin | undefined>(
    (best, bin) => (best === undefined || distance(bin) < distance(best) ? bin : best),
    undefined,
  );
}

async function scoreMoreOrders(
  line: number,
  probability: number,
  table: ColumnTable,
  { version, scorer, signal }: ScoringEnvironment,
): Promise<number[]> {
  const probabilities: number[] = [];
  let values = readFeatureValues(table, 0);
  while (probabilities.length < MOST_ORDERS && (probabilities.at(-1) ?? probability) >= line) {
    values = withOneMoreOrder(values);
    const [after] = await scorer.score(toRow(values, version.card.features), signal);
    probabilities.push(after);
  }
  return probabilities;
}

function toRow(values: FeatureValues, featureNames: readonly string[]): FeatureMatrix {
  const columns = featureNames.map((name) => sharedColumnOf([values.get(name) ?? Number.NaN]));
  return { featureNames, rowCount: 1, columns };
}
