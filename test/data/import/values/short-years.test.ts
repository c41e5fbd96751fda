import { describe, expect, it } from 'vitest';
import { refusal } from '../../../helpers/import.ts';
import { valuesOfColumn } from '../../../helpers/values.ts';

const datesOf = (texts: readonly string[], dateFormat?: string) =>
  valuesOfColumn('orders', 'order_date', texts, { dateFormat });
const days = async (texts: readonly string[], dateFormat?: string) =>
  (await datesOf(texts, dateFormat)).map((text) => text?.slice(0, 10));

describe('dates with a two-digit year', () => {
  it('are read year first if day first would be far in the future', async () => {
    expect(await days(['24-12-31', '24-11-05'])).toEqual(['2024-12-31', '2024-11-05']);
    expect(await days(['24/12/30 10:15', '99/01/02 00:00'])).toEqual(['2024-12-30', '1999-01-02']);
  });

  it('are read day first or month first if only that gives days of the calendar', async () => {
    expect(await days(['31.12.24', '05.11.24'])).toEqual(['2024-12-31', '2024-11-05']);
    expect(await days(['12/25/24', '11/05/24'])).toEqual(['2024-12-25', '2024-11-05']);
  });

  it('are read by the part that changes most, which is the day and not the year', async () => {
    const written = ['03.04.24', '15.04.24', '20.05.24', '28.06.24'];
    expect(await days(written)).toEqual(['2024-04-03', '2024-04-15', '2024-05-20', '2024-06-28']);
    const yearFirst = ['23-04-03', '23-04-15', '23-05-20', '24-06-11'];
    expect(await days(yearFirst)).toEqual(['2023-04-03', '2023-04-15', '2023-05-20', '2024-06-11']);
  });

  it('are asked for if the file does not tell', async () => {
    expect(await refusal(days(['24-05-12']))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The orders file does not tell in which order order_date has day, month and year: "24-05-12". Say which it is: --date-format dmy, --date-format mdy or --date-format ymd."`,
    );
    expect(await days(['24-05-12'], 'ymd')).toEqual(['2024-05-12']);
    expect(await days(['24-05-12'], 'dmy')).toEqual(['2012-05-24']);
  });
});

describe('local dates beside ISO dates', () => {
  it('are asked for if they do not tell day from month, and are not rejected in silence', async () => {
    const iso = Array.from({ length: 18 }, (_, at) => `2024-01-${String(at + 10)}`);
    expect(await refusal(days([...iso, '03/04/2024', '05/06/2024']))).toMatch(/--date-format dmy/);
    expect((await days([...iso, '03/04/2024'], 'dmy')).at(-1)).toBe('2024-04-03');
  });
});

describe('months by name', () => {
  it.each([
    ['31. Dezember 2024', '2024-12-31'],
    ['3. März 2024 10:15', '2024-03-03'],
    ['01-Mrz-24', '2024-03-01'],
    ['31 décembre 2024', '2024-12-31'],
    ['1er août 2024', '2024-08-01'],
    ['31 de diciembre de 2024', '2024-12-31'],
    ['5 de março de 2024', '2024-03-05'],
    ['15 gen 2024', '2024-01-15'],
    ['lun. 15 janv. 2024', '2024-01-15'],
    ['3 paź 2024', '2024-10-03'],
    ['12 października 2024', '2024-10-12'],
    ['9 mei 2024', '2024-05-09'],
    ['9 okt. 2024', '2024-10-09'],
    ['24 décembre 2024 à 10:15', undefined],
    ['7 января 2024', '2024-01-07'],
    ['9 мая 2024', '2024-05-09'],
    ['Sept 5, 2024', '2024-09-05'],
  ])('are read: %s is %s', async (text, expected) => {
    if (expected === undefined) expect(await refusal(days([text]))).not.toBe('not refused');
    else expect(await days([text])).toEqual([expected]);
  });
});
