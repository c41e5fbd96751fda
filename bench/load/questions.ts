/** What the sessions ask. */
import { z } from 'zod';
import type { Session } from './session.ts';

export interface Question {
  readonly tool: string;
  readonly args: object;
}

export const RECOMMENDATIONS = 'get_product_recommendations';

const SEGMENTS = ['LOW_ENGAGEMENT', 'HIGH_VALUE_INACTIVE', 'HIGH_VALUE_ACTIVE', 'AT_RISK', 'REGULAR'];
const MOST_CUSTOMERS = 2000;
const PAGE = 100;

const pageSchema = z.object({
  customers: z.array(z.object({ customer_id: z.union([z.number(), z.string()]) })),
});

/** Ids of customers from all over the shop. */
export async function someCustomers(session: Session): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < MOST_CUSTOMERS) {
    const { content, problem } = await session.call('find_customers', { limit: PAGE, offset: ids.length });
    if (problem !== undefined) throw new Error(problem);
    const { customers } = pageSchema.parse(content);
    ids.push(...customers.map(({ customer_id: id }) => String(id)));
    if (customers.length < PAGE) break;
  }
  return ids;
}

/** Question `k` of session `s`: of ten, four are for recommendations, half of them for customers not asked about of late. */
export function questionOf(s: number, k: number, customers: readonly string[]): Question {
  const questions = questionsOf(s, k, customers);
  return questions[(s + k) % questions.length];
}

/** One question of each kind. */
export function questionsOf(s: number, k: number, customers: readonly string[]): readonly Question[] {
  const at = s * 977 + k * 3;
  const some = [0, 1, 2].map((i) => customers[(at + i) % customers.length]);
  return [
    { tool: RECOMMENDATIONS, args: { segment: SEGMENTS[(s + k) % SEGMENTS.length] } },
    { tool: RECOMMENDATIONS, args: { customer_ids: some } },
    { tool: 'get_at_risk_customers', args: { limit: 5 } },
    { tool: 'explain_churn_risk', args: { customer_id: some[0] } },
    { tool: RECOMMENDATIONS, args: { customer_ids: some, n_products: 1 + (k % 8) } },
    { tool: 'find_customers', args: { limit: 10, offset: at % 1000 } },
    { tool: 'get_shop_overview', args: {} },
    { tool: RECOMMENDATIONS, args: { segment: SEGMENTS[k % SEGMENTS.length], n_customers: 5 } },
    { tool: 'get_churn_metrics', args: {} },
    { tool: 'list_models', args: {} },
  ];
}
