import type { Id } from '../data/data-source.ts';
import type { RiskReason } from '../explain/risk-reasons.ts';
import type { ClassificationMetrics } from '../registry/card-figures.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { CustomerContact } from './customer-contacts.ts';
import type { CustomerProfile } from './customer-profile.ts';
import type { ToldValue } from './customer-value.ts';
import type { OrderDay } from './order-days.ts';

export interface ExplainCustomerRequest {
  /** The shop's own id; a number may come as text. */
  readonly customerId: Id;
  readonly asOf?: string;
  /** The probability below which more orders should bring the risk; by default that from which customers are at risk. */
  readonly line?: number;
  /** Whether to read the days with orders too: a pass over all orders. True by default. */
  readonly withOrderDays?: boolean;
}

export interface FeatureContribution {
  readonly feature: string;
  /** Undefined if the customer has no value, such as a mean gap with one order. */
  readonly value: number | undefined;
  /** Log-odds; positive raises the risk. */
  readonly contribution: number;
}

export interface CustomerExplanation {
  readonly card: ModelCard;
  readonly asOf: string;
  readonly customerId: Id;
  /** Undefined if contacts must not be shown or are unknown. */
  readonly contact?: CustomerContact;
  readonly profile: CustomerProfile;
  /** Oldest first; empty if they were not asked for. */
  readonly orderDays: readonly OrderDay[];
  readonly churnProbability: number;
  /** Undefined if the model says nothing of it. */
  readonly value: ToldValue | undefined;
  /** The probability of the typical active customer, from which contributions are counted. */
  readonly typicalProbability: number;
  /** The probability from which customers are at risk that day, as in the list. */
  readonly atRiskFrom: number;
  /** The probability below which more orders should bring the risk. */
  readonly line: number;
  /** Log-odds: the typical customer's and the sum of contributions. */
  readonly rawScore: number;
  /** Strongest first, then in the order of the model's features. They sum to the score minus the typical score. */
  readonly contributions: readonly FeatureContribution[];
  readonly reasons: readonly RiskReason[];
  /** What happened to customers of the evaluation period with a similar score. */
  readonly similar: ClassificationMetrics['calibration'][number] | undefined;
  /** The probability after 1, 2, … more orders on the day, up to the first that brings it below the threshold. */
  readonly afterOrders: readonly number[];
}
