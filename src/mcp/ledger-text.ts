import type { Ledger, LeftOut, RowShare } from '../data/import/meaning/ledger.ts';
import { formatCount, plural } from '../text/format.ts';
import { plainText } from '../text/plain-text.ts';

/** The ledger of an import as a page: what the files gave, and what was left out and why. */
export function ledgerText(ledger: Ledger): string {
  const sections = [
    figures(ledger),
    appended(ledger),
    notCounted(ledger),
    statuses(ledger),
    notProducts(ledger),
    attributes(ledger),
    helpful(ledger),
    matches(ledger),
    rows(ledger.rows),
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n');
}

/** `1234567.5` as `1,234,567.50`; digits are never rounded. */
export function formatAmount(decimal: string, currency: string | null = null): string {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const places = fraction.replace(/0+$/, '').padEnd(2, '0');
  return `${sign}${grouped}.${places}${currency === null ? '' : ` ${currency}`}`;
}

function figures(ledger: Ledger): string[] {
  const { refunds, currency } = ledger;
  const [isSubtracted, isLeft] = [refunds.taken_off, refunds.without_order].map((sum) => /[1-9]/.test(sum));
  const found = plural(refunds.count, 'refund');
  const lines: [string, string, (string | undefined)?][] = [
    ['Orders', formatCount(ledger.orders)],
    [
      'Customers',
      formatCount(ledger.customers),
      ledger.customers_without_sale > 0
        ? `${formatCount(ledger.customers_without_sale)} more in the files, without a sale`
        : undefined,
    ],
    ['Revenue', formatAmount(ledger.revenue, currency), isSubtracted ? 'net of refunds' : undefined],
    ['Mean order value', meanValue(ledger)],
    ['First day', ledger.first_day],
    ['Last day', ledger.last_day],
  ];
  if (ledger.lines > 0)
    lines.push(['Order lines', formatCount(ledger.lines)], ['Products', formatCount(ledger.products)]);
  if (isSubtracted) {
    const note = isLeft ? `of ${found}` : found;
    lines.push(['Refunds subtracted', formatAmount(`-${refunds.taken_off}`, currency), note]);
  }
  if (isLeft) {
    const note = `${isSubtracted ? '' : `${found} `}of orders that are not in the files`;
    lines.push(['Refunds not subtracted', formatAmount(`-${refunds.without_order}`, currency), note]);
  }
  return aligned('Ledger', lines);
}

function appended({ appended: found }: Ledger): string[] {
  if (found === null) return [];
  return aligned('Orders of these files', [
    ['new', formatCount(found.new_orders)],
    ['as they were before', formatCount(found.equal_orders)],
    ['corrected', formatCount(found.corrected_orders)],
    ['removed, now no sale', formatCount(found.removed_orders)],
  ]);
}

function meanValue({ mean_order_value, currency }: Ledger): string {
  if (mean_order_value === null) return '-';
  const cents = Math.round(Number(mean_order_value) * 100);
  return formatAmount((cents / 100).toFixed(2), currency);
}

/** Aligns names to the left and figures to the right; notes follow. */
function aligned(
  title: string,
  lines: readonly (readonly [string, string, (string | undefined)?])[],
): string[] {
  const nameWidth = Math.max(...lines.map(([name]) => name.length));
  const figureWidth = Math.max(...lines.map(([, figure]) => figure.length));
  return [
    title,
    ...lines.map(([name, figure, note]) =>
      `  ${name.padEnd(nameWidth)}  ${figure.padStart(figureWidth)}${note === undefined ? '' : `  ${note}`}`.trimEnd(),
    ),
  ];
}

function notCounted({ left_out, today, guests, currency }: Ledger): string[] {
  const shown = left_out.filter(({ reason }) => reason !== 'refund');
  if (shown.length === 0) return [];
  return aligned(
    'Orders not counted',
    shown.map((entry): [string, string, string] => [
      reasonWords(
        entry,
        today,
        guests.map(({ id }) => id),
      ),
      formatCount(entry.orders),
      formatAmount(entry.amount, currency),
    ]),
  );
}

function reasonWords({ reason, last_day }: LeftOut, today: string, guests: readonly string[]): string {
  if (reason.startsWith('no sale: ')) return `no sale: ${reason.slice('no sale: '.length)}`;
  if (reason === 'no customer') return 'without a customer';
  if (reason === 'guest') return `of guests (${guests.map((id) => `"${plainText(id, 20)}"`).join(', ')})`;
  if (reason === 'later than today') return `later than today, ${today} (up to ${last_day ?? '?'})`;
  if (reason === 'other currency') return 'in another currency';
  return `cannot be used: ${reason}`;
}

function statuses({ statuses: words }: Ledger): string[] {
  const columns = [...new Set(words.map(({ column }) => column))];
  return columns.flatMap((column) => statusesOf(words.filter((word) => word.column === column)));
}

function statusesOf(words: Ledger['statuses']): string[] {
  const list = (counts: boolean) =>
    words
      .filter((word) => word.counts === counts)
      .map(({ word, rows: count, meaning }) => {
        const unknown = counts && meaning === 'unknown' ? ', a word not known' : '';
        return `"${plainText(word, 40)}" (${formatCount(count)}${unknown})`;
      })
      .join(', ');
  const [sales, others] = [list(true), list(false)];
  return [
    `What counts as a sale, by "${plainText(words[0]?.column ?? '', 40)}" (to change it: --sales-status WORD,WORD or all)`,
    `  a sale: ${sales === '' ? 'none' : sales}`,
    ...(others === '' ? [] : [`  no sale: ${others}`]),
  ];
}

const MOST_CHARGES = 12;

function notProducts({ not_products: charges, currency }: Ledger): string[] {
  if (charges.length === 0) return [];
  const more = charges.length - MOST_CHARGES;
  return [
    ...aligned(
      'Charges, not products: counted in what was spent, never recommended (to change it: --is-product ID, --not-product ID)',
      charges
        .slice(0, MOST_CHARGES)
        .map(({ product_id, product_name, lines, amount, why }): [string, string, string] => [
          plainText(product_id === product_name ? product_id : `${product_id} ${product_name ?? ''}`, 50),
          formatAmount(amount, currency),
          `${plural(lines, 'line')}, ${why}`,
        ]),
    ),
    ...(more > 0 ? [`  and ${formatCount(more)} more`] : []),
  ];
}

function attributes({ attributes: found }: Ledger): string[] {
  if (found.length === 0) return [];
  return aligned(
    'What customers can be filtered by (to add a column: --keep COLUMN)',
    found.map(({ attribute, customers, distinct_values, most_frequent }): [string, string, string] => {
      const values = most_frequent.map((value) => `"${plainText(value, 30)}"`).join(', ');
      const more = distinct_values > most_frequent.length ? ' and others' : '';
      return [
        plainText(attribute, 60),
        plural(customers, 'customer'),
        `${plural(distinct_values, 'value')}: ${values}${more}`,
      ];
    }),
  );
}

function helpful({ helpful_columns: found }: Ledger): string[] {
  if (found.length === 0) return [];
  return [
    'Columns that are not used and could help',
    ...found.map(({ column, flag }) => `  ${plainText(column, 40)}: ${plainText(flag, 80)}`),
  ];
}

function matches({ matches: found }: Ledger): string[] {
  const line = (name: string, match: { found: number; of: number } | null): [string, string][] =>
    match === null ? [] : [[name, `${formatCount(match.found)} of ${formatCount(match.of)}`]];
  const lines = [
    ...line('lines whose order was found', found.lines_with_order),
    ...line('customers found in their file', found.customers_in_file),
    ...line('products found in the catalogue', found.products_in_catalogue),
  ];
  return lines.length === 0 ? [] : aligned('What fits together', lines);
}

function rows(shares: readonly RowShare[]): string[] {
  return [
    'Rows of the files',
    ...shares.map(({ table, read, used, refunds, left_out, unusable }) => {
      const share = read === 0 ? 0 : (100 * used) / read;
      const givenBack = refunds > 0 ? `${plural(refunds, 'refund')}, ` : '';
      return `  ${table}: ${formatCount(read)} read, ${formatCount(used)} used (${share === 100 ? '100' : share.toFixed(1)} %), ${givenBack}${formatCount(left_out)} left out, ${formatCount(unusable)} unusable`;
    }),
  ];
}
