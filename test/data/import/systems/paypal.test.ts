import { describe, expect, it } from 'vitest';
import { importText, refusal } from '../../../helpers/import.ts';

const HEADER =
  'Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,Item Title,Item ID,Reference Txn ID,Quantity,Balance,Country Code,Balance Impact';

interface Movement {
  readonly day: string;
  readonly type: string;
  readonly gross: string;
  readonly from?: string;
  readonly to?: string;
  readonly id: string;
  readonly of?: string;
  readonly status?: string;
  readonly currency?: string;
}

const SHOP = 'shop@example.org';

function row({ day, type, gross, from = '', to = '', id, of = '', status, currency }: Movement): string {
  const impact = gross.startsWith('-') ? 'Debit' : 'Credit';
  const cells = [
    day,
    '10:00:00',
    'PST',
    'A Name',
    type,
    status ?? 'Completed',
    currency ?? 'USD',
    gross,
    '-0.50',
    gross,
  ];
  return [...cells, from, to, id, 'Mug', '7', of, '1', '1,000.00', 'US', impact]
    .map((cell) => `"${cell}"`)
    .join(',');
}

const sale = (id: string, day: string, from: string, gross: string, status?: string): string =>
  row({
    id,
    day,
    from,
    gross,
    to: SHOP,
    type: 'Express Checkout Payment',
    ...(status === undefined ? {} : { status }),
  });

const MOVEMENTS = [
  sale('A1', '01/15/2024', 'Anna@example.org', '100.00'),
  sale('A2', '02/20/2024', 'ben@example.org', '1,050.00', 'Partially Refunded'),
  sale('A3', '02/21/2024', 'anna@example.org', '30.00', 'Refunded'),
  sale('A4', '03/01/2024', 'anna@example.org', '77.00'),
  sale('A5', '03/02/2024', 'cara@example.org', '12.00', 'Pending'),
  row({
    id: 'S1',
    day: '03/03/2024',
    type: 'Subscription Payment',
    gross: '20.00',
    from: 'dan@example.org',
    to: SHOP,
  }),
  row({
    id: 'R2',
    day: '02/25/2024',
    type: 'Payment Refund',
    gross: '-50.00',
    from: SHOP,
    to: 'ben@example.org',
    of: 'A2',
  }),
  row({
    id: 'R3',
    day: '03/05/2024',
    type: 'Payment Refund',
    gross: '-30.00',
    from: SHOP,
    to: 'anna@example.org',
    of: 'A3',
  }),
  row({ id: 'T1', day: '03/06/2024', type: 'General Withdrawal', gross: '-500.00' }),
  row({ id: 'T2', day: '03/07/2024', type: 'Bank Deposit to PP Account', gross: '40.00' }),
  row({ id: 'C1', day: '03/07/2024', type: 'General Currency Conversion', gross: '-100.00', of: 'A1' }),
  row({ id: 'C2', day: '03/07/2024', type: 'General Currency Conversion', gross: '100.00', of: 'A1' }),
  row({ id: 'H1', day: '03/08/2024', type: 'Payment Hold', gross: '-77.00', of: 'A4', status: 'Placed' }),
  row({ id: 'H2', day: '03/09/2024', type: 'Payment Release', gross: '77.00', of: 'A4' }),
  row({
    id: 'P1',
    day: '03/10/2024',
    type: 'General Payment',
    gross: '-42.00',
    from: SHOP,
    to: 'supplier@example.org',
  }),
];

describe('an export of PayPal’s activity', () => {
  it('counts what customers paid, less refunds of the payments that these name', async () => {
    const { report } = await importText({ orders: [HEADER, ...MOVEMENTS].join('\r\n') });
    expect(report.notes.join(' ')).toMatch(/export of PayPal activity/);
    expect(report.ledger).toMatchObject({
      orders: 5,
      customers: 3,
      revenue: '1197.0000',
      first_day: '2024-01-15',
      last_day: '2024-03-03',
      currency: 'USD',
      refunds: { count: 2, taken_off: '80.00', without_order: '0.00' },
    });
    const { rejected = [] } = report.tables[0] ?? {};
    expect(Object.fromEntries(rejected.map(({ reason, count }) => [reason, count]))).toEqual({
      refund: 2,
      'no sale: another status': 4,
      'no sale: fee': 1,
      'no sale: unpaid': 2,
      'no sale: paid out': 1,
    });
  });

  it('is refused if customers paid in several currencies and none is chosen', async () => {
    const euros = row({
      id: 'E1',
      day: '03/11/2024',
      type: 'Express Checkout Payment',
      gross: '10.00',
      from: 'eva@example.org',
      currency: 'EUR',
    });
    const text = [HEADER, ...MOVEMENTS, euros].join('\r\n');
    expect(await refusal(importText({ orders: text }))).toMatch(/in 2 currencies: USD .* EUR/);
    const { report } = await importText({ orders: text }, { currency: 'USD' });
    expect(report.ledger).toMatchObject({ orders: 5, revenue: '1197.0000' });
  });
});
