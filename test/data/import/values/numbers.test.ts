import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importText, refusal } from '../../../helpers/import.ts';
import { valuesOfColumn, valuesOfColumns } from '../../../helpers/values.ts';

const totals = (texts: readonly string[], decimal?: 'comma' | 'point') =>
  valuesOfColumn('orders', 'total_amount', texts, { decimal });
/** Numbers as they are cast to text: four decimals. */
const exact = (values: readonly number[]) => values.map((value) => value.toFixed(4));

describe('the decimal mark', () => {
  it.each([
    [
      'thousands with points beside numbers below a thousand',
      ['850', '1.250', '12.400'],
      [850, 1250, 12_400],
    ],
    [
      'thousands with commas beside numbers below a thousand',
      ['850', '1,250', '12,400'],
      [850, 1250, 12_400],
    ],
    ['a decimal comma that one number shows', ['1.250', '12,5'], [1250, 12.5]],
    ['a decimal point that one number shows', ['1,250', '12.5'], [1250, 12.5]],
    ['a decimal point that four decimals show', ['1.250', '12.5000'], [1.25, 12.5]],
    ['points in groups of three, twice', ['1.234.567', '1.250'], [1_234_567, 1250]],
    ['Indian groups', ['1,23,456.78', '12,34,567'], [123_456.78, 1_234_567]],
    ['three decimals after a zero', ['0,500', '1,250'], [0.5, 1.25]],
    ['Swiss groups', ["1'234.50", '1’250.00'], [1234.5, 1250]],
    ['French groups', ['1\u202f234,50', '1 250,00'], [1234.5, 1250]],
    [
      'currencies and signs',
      ['$1,234.50', 'EUR 12.50', '12.50 kr', '(7.25)', '7.25-', '−3.50'],
      [1234.5, 12.5, 12.5, -7.25, -7.25, -3.5],
    ],
    ['cents left out', ['12,-', '3,50 €'], [12, 3.5]],
    ['no mark at all', ['12', '1250'], [12, 1250]],
    ['yen, which have no decimals', ['1,250円', '12,400円'], [1250, 12_400]],
    ['yen with a sign before', ['¥1,250', '￥12,400'], [1250, 12_400]],
    ['won', ['12,900원', '₩7,500'], [12_900, 7500]],
    ['dong with points', ['125.000 ₫', '1.250đ', '99.000 VND'], [125_000, 1250, 99_000]],
    ['Chilean pesos', ['$12.990 CLP', 'CLP 7.990', 'CLP$ 990'], [12_990, 7990, 990]],
    ['rupiah', ['Rp 150.000', 'Rp. 75.500', 'Rp25.000'], [150_000, 75_500, 25_000]],
    ['francs CFA', ['15 000 FCFA', '7.500 F CFA'], [15_000, 7500]],
    ['a dash for the cents after a group of thousands', ['1.250.-', '12,50', '990.-'], [1250, 12.5, 990]],
    ['a currency right behind the number', ['12.50kr', '7.25 Kr.', '1250SEK'], [12.5, 7.25, 1250]],
  ])('reads %s', async (_, texts, expected) => {
    expect(await totals(texts)).toEqual(exact(expected));
  });

  it('is the same for all columns of a file', async () => {
    const rows = [
      { quantity: '1,000', unit_price: '12,50' },
      { quantity: '2,000', unit_price: '1.250,00' },
    ];
    expect(await valuesOfColumns('order_items', rows)).toEqual([
      { quantity: '1.0000', unit_price: '12.5000' },
      { quantity: '2.0000', unit_price: '1250.0000' },
    ]);
  });

  it('is asked for if the data does not tell', async () => {
    expect(await refusal(totals(['12,500', '7,250']))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The orders file does not tell whether a comma or a point separates the decimals: "12,500". Choose one: --decimal comma (1.250 means one thousand two hundred and fifty) or --decimal point (1,250 means that)."`,
    );
    expect(await totals(['12,500', '7,250'], 'comma')).toEqual(exact([12.5, 7.25]));
    expect(await totals(['12,500', '7,250'], 'point')).toEqual(exact([12_500, 7250]));
    expect(await refusal(totals(['12,50', '7.25']))).toMatch(/does not tell/);
  });

  const inCurrencies = async (rows: readonly (readonly [amount: string, currency: string])[]) => {
    const header = 'order_id,customer_id,order_date,total_amount,currency';
    const lines = rows.map(
      ([amount, currency], at) => `${at + 1},c${at},2024-0${at + 1}-15,"${amount}",${currency}`,
    );
    const { report } = await importText({ orders: [header, ...lines].join('\n') });
    return report.ledger.revenue;
  };

  it('follows from a currency without decimals that each row names', async () => {
    expect(
      await inCurrencies([
        ['12,500', 'JPY'],
        ['7,250', 'JPY'],
      ]),
    ).toBe('19750.0000');
    expect(
      await inCurrencies([
        ['12.500', 'CLP'],
        ['7.250', 'CLP'],
      ]),
    ).toBe('19750.0000');
    const euros = inCurrencies([
      ['12,500', 'EUR'],
      ['7,250', 'EUR'],
    ]);
    expect(await refusal(euros)).toMatch(/does not tell whether a comma/);
  });

  it.each(['€', '$', '円', 'EUR', 'CLP', 'kr', 'Rp', 'zł', 'FCFA', 'đ'])(
    'reads amounts in %s',
    async (mark) => {
      const texts = [`${mark}12.50`, `${mark} 12.50`, `12.50${mark}`, `12.50 ${mark}`, `-12.50 ${mark}`];
      expect(await totals(texts)).toEqual(exact([12.5, 12.5, 12.5, 12.5, -12.5]));
    },
  );

  it('is never confused: a number written with the other mark is not read as a different number', async () => {
    const many = Array.from({ length: 30 }, () => '12,50');
    expect((await totals([...many, '12.50'])).at(-1)).toBeNull();
  });

  it('is never guessed: an amount is read to the cent or the import asks', async () => {
    const cents = fc.integer({ min: 0, max: 500_000_000 });
    const style = fc.record({
      comma: fc.boolean(),
      groups: fc.boolean(),
      decimals: fc.constantFrom(0, 2, 3),
    });
    const property = fc.asyncProperty(
      fc.array(cents, { minLength: 1, maxLength: 6 }),
      style,
      async (amounts, { comma, groups, decimals }) => {
        const values = amounts.map((amount) => (decimals === 0 ? Math.round(amount / 100) : amount / 100));
        const texts = values.map((value) => written(value, { comma, groups, decimals }));
        const read = await totals(texts).catch(() => undefined);
        if (read !== undefined) expect(read).toEqual(exact(values));
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });
});

function written(
  value: number,
  { comma, groups, decimals }: { comma: boolean; groups: boolean; decimals: number },
): string {
  const [whole = '', rest = ''] = value.toFixed(decimals).split('.');
  const grouped = groups ? whole.replace(/\B(?=(\d{3})+$)/g, comma ? '.' : ',') : whole;
  return decimals === 0 ? grouped : `${grouped}${comma ? ',' : '.'}${rest}`;
}
