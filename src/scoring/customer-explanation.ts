import type { Id } from '../data/data-source.ts';
import type { RiskReason } from '../explain/risk-reasons.ts';
import type { ClassificationMetrics } from '../registry/card-figures.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { CustomerContact } from './customer-contacts.ts';
import type { CustomerProfile } from './customer-profile.ts';

export interface ExplainCustomerRequest {
  /** As the shop has it; a number may come as text. */
  readonly customerId: Id;
  readonly asOf?: string;
  /** The probability that the customer's risk is to be brought below. */
  readonly line: number;
}

export interface FeatureContribution {
  readonly feature: string;
  /** Undefined where the customer has none, such as a mean gap with one order. */
  readonly value: number | undefined;
  /** Log-odds; positive raises the risk. */
  readonly contribution: number;
}

export interface CustomerExplanation {
  readonly card: ModelCard;
  readonly asOf: string;
  readonly customerId: Id;
  /** Undefined where contacts are not to be shown, or not known. */
  readonly contact?: CustomerContact;
  readonly profile: CustomerProfile;
  readonly churnProbability: number;
  /** The probability of the typical active customer, which the contributions start from. */
  readonly typicalProbability: number;
  /** Log-odds: the typical customer's and the sum of contributions. */
  readonly rawScore: number;
  /** Strongest first, then in the order of the model's features. They sum to the score less the typical one. */
  readonly contributions: readonly FeatureContribution[];
  readonly reasons: readonly RiskReason[];
  /** What became of the customers of the evaluation period that the model had scored alike. */
  readonly similar: ClassificationMetrics['calibration'][number] | undefined;
  /** The probability after 1, 2, … more orders on the day, up to the first that brings it below the line. */
  readonly afterOrders: readonly number[];
}
