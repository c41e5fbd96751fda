import { describe, expect, it } from 'vitest';
import { importText, refusal } from '../../../helpers/import.ts';
import { valuesOfColumn } from '../../../helpers/values.ts';

/** The dates of an orders file whose dates are written so. */
const datesOf = (texts: readonly string[], dateFormat?: string) =>
  valuesOfColumn('orders', 'order_date', texts, { dateFormat });

describe('the reader of dates', () => {
  it.each([
    ['Shopify', '2024-12-31 23:59:59 -0500', '2024-12-31 23:59:59'],
    ['Snowflake TIMESTAMP_TZ', '2024-12-31 23:59:59.000 -0800', '2024-12-31 23:59:59'],
    ['SQL Server datetimeoffset', '2024-12-31 23:59:59.0000000 -05:00', '2024-12-31 23:59:59'],
    ['Oracle DD-MON-RR', '31-DEC-24', '2024-12-31 00:00:00'],
    ['Oracle TIMESTAMP', '31-DEC-24 11.59.59.000000 PM', '2024-12-31 23:59:59'],
    ['ISO with AM and PM', '2024-12-31 11:59 PM', '2024-12-31 23:59:00'],
    ['a spreadsheet’s serial days', '45657', '2024-12-31 00:00:00'],
    ['a spreadsheet’s serial days with a time', '45657.75', '2024-12-31 18:00:00'],
    ['microseconds', '1735689599000000', '2024-12-31 23:59:59'],
    ['milliseconds', '1735689599000', '2024-12-31 23:59:59'],
    ['seconds', '1735689599', '2024-12-31 23:59:59'],
    ['nanoseconds', '1735689599000000000', '2024-12-31 23:59:59'],
    ['ISO 8601 in UTC', '2024-12-31T23:59:59.123Z', '2024-12-31 23:59:59.123'],
    ['ISO 8601 basic', '20241231T235959Z', '2024-12-31 23:59:59'],
    ['an XML date', '2024-12-31+01:00', '2024-12-31 00:00:00'],
    ['a mail header', 'Tue, 31 Dec 2024 23:59:59 -0500', '2024-12-31 23:59:59'],
    ['Amazon', 'Dec 31, 2024 11:59:59 PM PST', '2024-12-31 23:59:59'],
    ['Etsy', '12/31/24', '2024-12-31 00:00:00'],
    ['an English sentence', 'December 31st, 2024 at 5', undefined],
    ['noon', '2024-12-31 12:00 AM', '2024-12-31 00:00:00'],
    ['a till', '31.12.2024 23.59', '2024-12-31 23:59:00'],
    ['a German locale', '31.12.2024, 23:59:59', '2024-12-31 23:59:59'],
  ])('reads %s: %s', async (_, text, expected) => {
    if (expected === undefined) expect(await refusal(datesOf([text]))).toContain('cannot be read, such as');
    else expect(await datesOf([text])).toEqual([expected]);
  });

  it('tells month from day by one date without leading zeros, such as 4/24/2024', async () => {
    expect(await datesOf(['4/24/2024 23:27', '10/7/2025 0:12'])).toEqual([
      '2024-04-24 23:27:00',
      '2025-10-07 00:12:00',
    ]);
    expect(await datesOf(['24-4-2024', '1-2-2024', '4-11-2025'])).toEqual([
      '2024-04-24 00:00:00',
      '2024-02-01 00:00:00',
      '2025-11-04 00:00:00',
    ]);
  });

  it('reads dates with commas, and tells day from month by the other rows', async () => {
    expect(await datesOf(['31/12/2024, 23:59', '12/10/2024, 08:15'])).toEqual([
      '2024-12-31 23:59:00',
      '2024-10-12 08:15:00',
    ]);
  });

  it('reads ISO dates beside local ones', async () => {
    expect(await datesOf(['2024-12-31', '31/12/2024', '45657', '31 Dec 2024'])).toEqual(
      Array.from({ length: 4 }, () => '2024-12-31 00:00:00'),
    );
  });

  it('brings times to UTC if only some of them have an offset', async () => {
    expect(await datesOf(['2024-12-31 23:59:59 -0500', '2025-01-01 04:59:59'])).toEqual([
      '2025-01-01 04:59:59',
      '2025-01-01 04:59:59',
    ]);
  });

  it('shows a date that it cannot read, and reads it once its format is given', async () => {
    expect(await refusal(datesOf(['2024~31~12']))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The orders file has dates in order_date that cannot be read, such as "2024~31~12": 100% of them. If they are dates, write their format with %Y year, %y two-digit year, %m month, %d day, %H hour, %M minute, %S second, for example --date-format "%Y.%d.%m %H:%M". If not, name the right column with --map."`,
    );
    expect(await datesOf(['2024~31~12'], '%Y~%d~%m')).toEqual(['2024-12-31 00:00:00']);
  });
});

describe('dates with points and no day above 12', () => {
  const orders = (...dates: readonly string[]) =>
    `order_id;customer_id;order_date;total\n${dates.map((date, at) => `${at};c${at};${date};5,50\n`).join('')}`;

  it('are read with the day first, and the report says so', async () => {
    const { report } = await importText({ orders: orders('03.04.2024', '05.06.2024', '7.8.2024') });
    expect([report.ledger.first_day, report.ledger.last_day]).toEqual(['2024-04-03', '2024-08-07']);
    expect(report.notes).toContain(
      'No order_date has a day above 12. Dates with points are read as day.month.year: "03.04.2024". If the month comes first: --date-format mdy.',
    );
  });

  it('are read with the month first if the user says so', async () => {
    const { report } = await importText({ orders: orders('03.04.2024 10:15') }, { dateFormat: 'mdy' });
    expect(report.ledger.first_day).toBe('2024-03-04');
    expect(report.notes.join()).not.toContain('day.month.year');
  });

  it('are read with the month first if another date shows it', async () => {
    const { report } = await importText({ orders: orders('03.04.2024', '05.16.2024') });
    expect(report.ledger.first_day).toBe('2024-03-04');
  });

  it.each(['03/04/2024', '03-04-2024', '03.04.2024 10:15 PM'])(
    'are no others, which are asked for: %s',
    async (date) => {
      expect(await refusal(importText({ orders: orders(date) }))).toMatch(
        /--date-format dmy or --date-format mdy/,
      );
    },
  );
});
