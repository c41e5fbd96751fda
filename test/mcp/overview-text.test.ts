import { describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../../src/data/segment-thresholds.ts';
import { overviewText } from '../../src/mcp/overview-text.ts';
import type { ModelCard } from '../../src/registry/model-card.ts';
import type { ShopOverview } from '../../src/scoring/shop-overview.ts';
import { judgedCard, misjudgedCard } from '../helpers/sample-cards.ts';

const money = (customers: number, valueAtRisk: number) => ({
  customers,
  valueAtRisk,
  low: valueAtRisk - 111,
  high: valueAtRisk + 222,
  moreLikelyThanNot: 1,
  averageProbability: 0.3,
});

const overviewBy = (card: ModelCard): ShopOverview => ({
  asOf: '2025-12-31',
  comparedWith: '2025-12-24',
  isLastImport: false,
  segmentThresholds: DEFAULT_THRESHOLDS,
  lapsed: 0,
  horizonDays: 90,
  customers: 3,
  active: 2,
  activeBefore: 3,
  newlyLapsed: 1,
  wonBack: 0,
  newCustomers: 0,
  segments: [{ name: 'REGULAR', customers: 3, totalSpent: 900 }],
  customerSegments: [],
  months: [],
  risk: {
    card,
    now: money(2, 7654),
    before: money(3, 8765),
    bands: [
      { band: 'high', ...money(1, 4321) },
      { band: 'medium', ...money(1, 3333) },
      { band: 'low', ...money(0, 0), low: 0, high: 0 },
    ],
  },
});

const linesOn = (topic: RegExp, card: ModelCard) =>
  overviewText(overviewBy(card), { filter: {}, format: 'detailed' })
    .split('\n')
    .filter((line) => topic.test(line))
    .join('\n');

const STAKES = /^(2 of your|Since|- (high|medium|low))/;

describe('money at stake in the overview', () => {
  it('is an amount if the latest probabilities were true', () => {
    expect(linesOn(STAKES, judgedCard)).toMatchInlineSnapshot(`
      "2 of your 3 customers are active as of 2025-12-31. 1 of them is more likely than not to stop buying in the next 90 days. At stake over all active customers: about 7,654 (7,543 to 7,876).
      Since 2025-12-24: 1 stopped being active, 0 became active again, 0 ordered for the first time. Active customers: 2, from 3. Money at stake: 7,654; on 2025-12-24 it was 8,765.
      - high (50% or more): 1 customer, 4,321
      - medium (25% to 50%): 1 customer, 3,333
      - low (below 25%): 0 customers, 0"
    `);
  });

  it('is a range wherever it stands if they were wrong', () => {
    expect(linesOn(STAKES, misjudgedCard)).toMatchInlineSnapshot(`
      "2 of your 3 customers are active as of 2025-12-31. 1 of them is more likely than not to stop buying in the next 90 days. At stake over all active customers: 7,543 to 7,876.
      Since 2025-12-24: 1 stopped being active, 0 became active again, 0 ordered for the first time. Active customers: 2, from 3. Money at stake: 7,543 to 7,876; on 2025-12-24 it was 8,654 to 8,987.
      - high (50% or more): 1 customer, 4,210 to 4,543
      - medium (25% to 50%): 1 customer, 3,222 to 3,555
      - low (below 25%): 0 customers, 0"
    `);
    expect(linesOn(STAKES, misjudgedCard)).not.toMatch(/7,654|8,765|4,321|3,333/);
  });
});
