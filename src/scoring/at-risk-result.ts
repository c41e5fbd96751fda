import type { Id } from '../data/data-source.ts';
import type { RiskReason } from '../explain/risk-reasons.ts';
import type { ModelCard } from '../registry/model-card.ts';
import type { Campaign, CampaignCosts } from './campaign.ts';
import type { CustomerContact } from './customer-contacts.ts';
import type { CustomerProfile } from './customer-profile.ts';

export interface AtRiskRequest {
  readonly limit: number;
  /** How many of the list to leave out. */
  readonly offset?: number;
  readonly asOf?: string;
  /** Only customers with at least this churn probability. */
  readonly minProbability?: number;
  readonly version?: string;
  /** Where given, customers worth contacting are listed, the most profitable first. */
  readonly costs?: CampaignCosts;
}

export interface AtRiskCustomer {
  readonly customerId: Id;
  readonly churnProbability: number;
  /** churnProbability × expected spend in the horizon. */
  readonly valueAtRisk: number;
  /** Of contacting the customer; only where costs were given. */
  readonly expectedProfit?: number;
  readonly profile: CustomerProfile;
  /** Undefined where contacts are not to be shown, or not known. */
  readonly contact?: CustomerContact;
  /** The themes that raise the risk most, strongest first. */
  readonly reasons: readonly RiskReason[];
}

export interface AtRiskResult {
  readonly card: ModelCard;
  readonly asOf: string;
  /** True where no forward model existed and this call trained it. */
  readonly trainedNow: boolean;
  /** Over all customers worth contacting, listed or not; only where costs were given. */
  readonly campaign?: Campaign;
  /** Highest expected profit first where costs were given, else highest value at risk; then customer id. */
  readonly customers: readonly AtRiskCustomer[];
  /** How many would be listed without a limit. */
  readonly listableCustomers: number;
  /** Customers considered: those still active (an order within the horizon before `asOf`). */
  readonly activeCustomers: number;
}
