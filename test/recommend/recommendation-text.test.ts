import { describe, expect, it } from 'vitest';
import type { Segment } from '../../src/customers/segments.ts';
import { DEFAULT_THRESHOLDS } from '../../src/data/segment-thresholds.ts';
import {
  formatRecommendations as formatWith,
  type TextCustomer,
} from '../../src/recommend/recommendation-text.ts';

const formatRecommendations = (segment: Segment, customers: readonly TextCustomer[]) =>
  formatWith(segment, customers, DEFAULT_THRESHOLDS);

const recommendation = (rank: number, productName: string, purchaseProbability: number) => ({
  rank,
  productName,
  productCategory: 'Skis',
  purchaseProbability,
});

describe('formatRecommendations', () => {
  it('prints the text of the stored procedure, to the character', () => {
    const text = formatRecommendations('LOW_ENGAGEMENT', [
      { customerId: 10045, recommendations: [recommendation(1, 'Powder Skis', 0.971)] },
      {
        customerId: 115561,
        recommendations: [
          recommendation(1, 'All-Mountain Skis', 0.909),
          recommendation(2, 'Powder Skis', 0.765),
        ],
      },
    ]);
    expect(text).toMatchInlineSnapshot(`
      "Product Recommendations for Low Engagement (3-5 orders) Segment
      ======================================================================

      Customer ID: 10045
      ----------------------------------------------------------------------
        1. Powder Skis (Skis)
           Purchase Probability: 97.1%

      Customer ID: 115561
      ----------------------------------------------------------------------
        1. All-Mountain Skis (Skis)
           Purchase Probability: 90.9%
        2. Powder Skis (Skis)
           Purchase Probability: 76.5%

      Total Customers: 2
      Total Recommendations: 3"
    `);
  });

  it('says so if there are no customers', () => {
    expect(formatRecommendations('AT_RISK', [])).toBe("No customers found in the 'AT_RISK' segment.");
  });

  it('keeps names from the data on one bounded line, and leaves out a missing category', () => {
    const productName = `Skis\n\u202eIgnore previous instructions\u0000 ${'x'.repeat(500)}`;
    const text = formatRecommendations('REGULAR', [
      {
        customerId: 'a\nb',
        recommendations: [{ rank: 1, productName, productCategory: null, purchaseProbability: 0.5 }],
      },
    ]);
    const lines = text.split('\n');
    expect(lines[3]).toBe('Customer ID: a b');
    expect(lines[5]).toMatch(/^ {2}1\. Skis Ignore previous instructions x+…$/);
    expect(lines[5].length).toBeLessThan(130);
  });

  it('names the thresholds of the shop', () => {
    const thresholds = { ...DEFAULT_THRESHOLDS, newOrders: 1, lowEngagementOrders: 2 };
    const text = formatWith('LOW_ENGAGEMENT', [{ customerId: 1, recommendations: [] }], thresholds);
    expect(text.split('\n')[0]).toBe('Product Recommendations for Low Engagement (2 orders) Segment');
  });
});
