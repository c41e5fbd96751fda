/** A shop in which every text that a stranger can choose is a formula or Markdown. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addDays } from '../../src/features/calendar-day.ts';

/** Each begins a formula in some spreadsheet, also behind a separator. */
const FORMULAS = [
  '=HYPERLINK("https://evil.example")',
  '+1+cmd|/C calc!A0',
  '-2+3+cmd',
  '@SUM(A1:A9)',
  '＝1+1',
  'Hat;=1+1',
  'Hat\n=1+1',
] as const;

const MARKUP = [
  '![x](https://evil.example/p.png)',
  '[free](https://evil.example)',
  '<img src=https://evil.example>',
  '# Buy now',
  '[a]: https://evil.example',
  '```js',
] as const;

/** What a caller may name of it. */
export const HOSTILE = {
  customer: `${FORMULAS[0]} 0`,
  product: `${FORMULAS[0]} p0`,
  campaign: `=cmd() # ${MARKUP[1]}`,
  lastDay: '2025-12-22',
} as const;

const of = (texts: readonly string[], i: number) => texts[i % texts.length];
const CUSTOMERS = 120;

const csv = (rows: readonly (readonly (string | number)[])[]) =>
  rows.map((row) => row.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(',')).join('\n');

/** Writes the files of the shop, and returns the arguments that import them. */
export function writeHostileShop(folder: string): string[] {
  const id = (i: number) => `${of(FORMULAS, i).replaceAll('\n', ' ')} ${i}`;
  const customers = Array.from({ length: CUSTOMERS }, (_, i) => [
    id(i),
    of(FORMULAS, i + 1),
    of(MARKUP, i),
    `${i}@shop.example`,
    `+49 (170) 123-45${10 + (i % 90)}`,
    of(FORMULAS, i + 2),
    of(MARKUP, i + 1),
    i % 2 === 0 ? '=country' : '# country',
  ]);
  const product = (i: number) => `${of(FORMULAS, i).replaceAll('\n', ' ')} p${i % 14}`;
  const orders: (string | number)[][] = [];
  const lines: (string | number)[][] = [];
  for (let i = 0; i < CUSTOMERS * 12; i++) {
    const customer = (i * 17) % CUSTOMERS;
    const gap = 20 + (customer % 5) * 9;
    const day = addDays('2024-06-01', (Math.floor(i / CUSTOMERS) * gap + customer * 3) % 570);
    orders.push([`o${i}`, i === 5 ? '' : id(customer), i === 7 ? '=notaday' : day, 20 + (i % 50)]);
    lines.push([`o${i}`, product(i + customer), 1, 20 + (i % 50)]);
  }
  const products = Array.from({ length: 14 }, (_, i) => [
    product(i),
    of(MARKUP, i),
    of(i % 2 ? FORMULAS : MARKUP, i),
    9.5,
  ]);
  const write = (
    name: string,
    header: readonly string[],
    rows: readonly (readonly (string | number)[])[],
  ) => {
    writeFileSync(join(folder, name), csv([header, ...rows]));
    return join(folder, name);
  };
  const about = ['first_name', 'last_name', 'email', 'phone', 'city', 'customer_segment', '=kept()'];
  return [
    'import',
    '--orders',
    write('orders.csv', ['order_id', 'customer_id', 'order_date', 'total_amount'], orders),
    '--order-items',
    write('items.csv', ['order_id', 'product_id', 'quantity', 'unit_price'], lines),
    '--products',
    write('products.csv', ['product_id', 'product_name', 'product_category', 'price'], products),
    '--customers',
    write('customers.csv', ['customer_id', ...about], customers),
    '--keep',
    '=kept()',
  ];
}
