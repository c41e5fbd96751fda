import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportRequest } from '../../../src/data/import/import-request.ts';
import { importShop } from '../../../src/data/import/import-shop.ts';
import { refusal } from '../../helpers/import.ts';
import { sharedCases } from '../../helpers/shared-data.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

const NOW = new Date('2026-11-25T12:00:00Z');
const folder = sharedCases('import');

/** What a right import of a case gives: orders, customers, revenue, order lines; or what its refusal says. */
interface Case {
  readonly files: Pick<ImportRequest, 'orders' | 'orderItems'>;
  readonly map?: Readonly<Record<string, string>>;
  readonly gives?: readonly [orders: number, customers: number, revenue: number, lines?: number];
  readonly refuses?: RegExp;
}

const orders = (file: string, rest: Omit<Case, 'files'>): Case => ({ files: { orders: file }, ...rest });
const lastDayOf2024 = (file: string): Case =>
  orders(`06-date-with-space-before-offset/${file}`, { gives: [1, 1, 10] });

const CASES: readonly Case[] = [
  orders('01-open-quote-swallows-rows/o.csv', { refuses: /quote/ }),
  orders('01-open-quote-swallows-rows/open.csv', { refuses: /quote/ }),
  orders('02-status-not-looked-at/o.csv', { gives: [2, 2, 30] }),
  orders('03-shopify-order-total-as-line-total/o.csv', { gives: [2, 2, 40, 3] }),
  orders('03-shopify-order-total-as-line-total/nozone.csv', { gives: [2, 2, 40, 3] }),
  orders('03-shopify-order-total-as-line-total/nozone.csv', {
    map: { order_id: 'Name' },
    gives: [2, 2, 40, 3],
  }),
  orders('03-shopify-order-total-as-line-total/total_on_each_line.csv', { gives: [2, 2, 40, 3] }),
  { files: { orderItems: '04-numbers-off-by-1000/sap.csv' }, gives: [2, 2, 37.5, 2] },
  orders('04-numbers-off-by-1000/thousand_dots.csv', { gives: [3, 3, 14_500] }),
  orders('04-numbers-off-by-1000/kwd.csv', { refuses: /--decimal/ }),
  orders('05-null-words-and-guests-are-customers/o.csv', { gives: [1, 1, 10] }),
  ...['shopify', 'snowflake', 'sqlserver', 'oracle', 'iso_ampm', 'excel', 'micros'].map((name) =>
    lastDayOf2024(`${name}.csv`),
  ),
  orders('06-date-with-space-before-offset/comma.csv', { gives: [2, 2, 20] }),
  orders('08-future-orders-move-today/o.csv', { gives: [1186, 200, 51_026.34] }),
  orders('08-future-orders-move-today/one.csv', { gives: [1186, 200, 51_026.34] }),
  orders('10-customers-split-or-merged/email.csv', { gives: [3, 1, 30] }),
  orders('10-customers-split-or-merged/float_and_word.csv', { gives: [2, 1, 20] }),
  orders('10-customers-split-or-merged/excel.csv', { refuses: /spreadsheet has rounded ids/ }),
  orders('10-customers-split-or-merged/object.ndjson', { gives: [2, 1, 20] }),
  orders('12-cp1252/o.csv', { gives: [2, 2, 19.5] }),
  orders('14-most-rows-rejected-and-still-a-success/stripe.csv', {
    map: { order_date: 'Created date (UTC)' },
    gives: [20, 4, 200],
  }),
  orders('14-most-rows-rejected-and-still-a-success/mixed.csv', { gives: [20, 5, 200] }),
  orders('14-most-rows-rejected-and-still-a-success/c_ids.csv', { gives: [20, 5, 200] }),
  {
    files: { orders: '15-discounts/orders.csv', orderItems: '15-discounts/details.csv' },
    gives: [2, 2, 175, 2],
  },
  orders('15-discounts/pct.csv', { gives: [2, 2, 20] }),
  ...['sep', 'title', 'blank'].map((name) =>
    orders(`17-lines-before-the-header/${name}.csv`, { gives: [1, 1, 10] }),
  ),
  { files: { orderItems: '19-every-product-sold-once/o.csv' }, gives: [1186, 200, 40_738.31, 2075] },
  orders('20-worse-than-chance-and-no-warning/christmas.csv', { gives: [908, 298, 18_160] }),
  orders('20-worse-than-chance-and-no-warning/once.csv', { gives: [400, 400, 8000] }),
  orders('24-woocommerce-guests/o.csv', { gives: [891, 191, 42_531.97] }),
  orders('24-woocommerce-guests/o.csv', {
    map: { customer_id: 'billing_email' },
    gives: [891, 191, 42_531.97],
  }),
];

function nameOf({ files, map }: Case): string {
  return [...Object.values(files).flat(), ...Object.keys(map ?? {})].join(', ');
}

describe.skipIf(folder === undefined)(
  'the import of real-world exports (skipped if ../shared/cases is absent)',
  () => {
    it.each(CASES.map((entry) => [nameOf(entry), entry] as const))(
      '%s',
      async (_, { files, map, gives, refuses }) => {
        const paths = Object.fromEntries(
          Object.entries(files).map(([kind, file]) => [kind, join(folder ?? '', String(file))]),
        );
        const importing = importShop(
          { ...paths, map, dryRun: true },
          { home: await newTestHome(), now: NOW },
        );
        if (refuses !== undefined) {
          expect(await refusal(importing)).toMatch(refuses);
          return;
        }
        const { ledger } = await importing;
        const [orderCount, customers, revenue, lines = 0] = gives ?? [];
        expect(ledger).toMatchObject({ orders: orderCount, customers, lines });
        expect(Number(ledger.revenue)).toBe(revenue);
      },
    );

    it('has an expectation for every case in the folder', () => {
      const named = new Set(
        CASES.flatMap(({ files }) => Object.values(files).map((file) => String(file).split('/')[0])),
      );
      // A target's meaning is a table of customers': test/data/import/target-value.test.ts.
      const absent = readdirSync(folder ?? '').filter((name) => !named.has(name) && !name.startsWith('09-'));
      expect(absent).toEqual([]);
    });
  },
);
