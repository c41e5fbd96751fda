import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEMO_CAMPAIGN, demoContactDate } from '../../src/campaigns/demo-campaign.ts';
import { addDays } from '../../src/features/calendar-day.ts';

describe('the campaign of the demo', () => {
  it('is over by the last order on any day of the year, and no sale falls into it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1500 }), (days) => {
        const lastOrderDate = addDays('2024-01-01', days);
        const contact = demoContactDate(lastOrderDate);
        const end = addDays(contact, DEMO_CAMPAIGN.horizon_days);
        expect(end <= lastOrderDate).toBe(true);
        expect(end >= addDays(lastOrderDate, -30)).toBe(true);
        for (const year of ['2023', '2024', '2025', '2026', '2027', '2028']) {
          const meets = addDays(contact, 1) <= `${year}-11-26` && end >= `${year}-11-18`;
          expect(meets).toBe(false);
        }
      }),
    );
  });

  it('is as recent as it can be', () => {
    expect(demoContactDate('2026-06-30')).toBe('2026-06-16');
    expect(demoContactDate('2026-11-17')).toBe('2026-11-03');
    expect(demoContactDate('2026-11-18')).toBe('2026-11-03');
    expect(demoContactDate('2026-12-09')).toBe('2026-11-03');
    expect(demoContactDate('2026-12-10')).toBe('2026-11-26');
  });
});
