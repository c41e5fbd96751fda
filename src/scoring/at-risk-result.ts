import type { CustomerFilter } from '../customers/customer-filter.ts';
import type { Id } from '../data/data-source.ts';
import type { RiskReason } from '../explain/risk-reasons.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { Campaign, CampaignCosts } from './campaign.ts';
import type { CustomerContact } from './customer-contacts.ts';
import type { CustomerProfile } from './customer-profile.ts';
import type { ToldValue, TotalValue } from './customer-value.ts';
import type { MoneyAtRisk, RiskBand } from './money-at-risk.ts';

export type AtRiskOrder =
  | 'value_at_risk'
  | 'churn_probability'
  | 'days_since_last_order'
  | 'total_spent'
  | 'expected_value'
  | 'uplift';

export interface AtRiskRequest {
  readonly limit: number;
  /** How many customers of the list to skip. */
  readonly offset?: number;
  readonly asOf?: string;
  /** Only customers with at least this churn probability; by default the average of those still active. */
  readonly minProbability?: number;
  /** Only customers who meet these conditions; all by default. */
  readonly filter?: CustomerFilter | undefined;
  /** Only customers of this band of probability, whatever the average. */
  readonly band?: RiskBand | undefined;
  /** Only customers with at least so much at stake. */
  readonly minValueAtRisk?: number | undefined;
  readonly version?: string;
  /** Whether each customer comes with reasons: in a long list they take most of the time. True by default. */
  readonly withReasons?: boolean;
  /** What the list begins with, most first; by default the money at stake. */
  readonly sortBy?: AtRiskOrder | undefined;
  /** If given, the list holds the customers worth contacting, the most profitable first. */
  readonly costs?: CampaignCosts;
}

export interface AtRiskCustomer {
  readonly customerId: Id;
  readonly churnProbability: number;
  /** churnProbability × expected spend in the horizon. */
  readonly valueAtRisk: number;
  /** The same for the ends of the interval that holds the true probability on nine of ten days. */
  readonly valueRange: { readonly low: number; readonly high: number };
  /** What the customer is worth from now on; undefined if the model says nothing of it. */
  readonly value?: ToldValue | undefined;
  /** Profit of contacting the customer; only if costs were given. */
  readonly expectedProfit?: number;
  /** By how much an offer raises the chance to order, -1 to 1; only in a list that begins with the highest. */
  readonly uplift?: number;
  readonly profile: CustomerProfile;
  /** Undefined if contacts must not be shown or are unknown. */
  readonly contact?: CustomerContact;
  /** The themes that raise the risk most, strongest first. */
  readonly reasons: readonly RiskReason[];
}

export interface AtRiskResult {
  readonly card: ModelCard;
  readonly asOf: string;
  /** Whether this call found no model and trained this one. */
  readonly trainedNow: boolean;
  /** Over all customers worth contacting, listed or not; only if costs were given. */
  readonly campaign?: Campaign;
  /** Highest expected profit first if costs were given, else highest value at risk; then customer id. */
  readonly customers: readonly AtRiskCustomer[];
  /** How many customers the list has without a limit. */
  readonly listableCustomers: number;
  /** What is at stake over all of them. */
  readonly listable: Pick<MoneyAtRisk, 'valueAtRisk' | 'low' | 'high'>;
  /** Customers considered: those who match the filter and are still active (an order within the horizon before `asOf`). */
  readonly activeCustomers: number;
  /** What those of the list together are expected to spend from now on; undefined if the model says nothing of it. */
  readonly listableOutlook?: TotalValue | undefined;
  /** Over all active customers who match the filter, listed or not. */
  readonly totals: Omit<MoneyAtRisk, 'customers'>;
  /** Nobody with a lower probability is listed. */
  readonly leastProbability: number;
  /** Undefined if none was asked for. */
  readonly band?: RiskBand | undefined;
  /** Of the typical active customer on the day of training; undefined if the card does not say. */
  readonly typicalProbability: number | undefined;
}
