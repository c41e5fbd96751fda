import { describe, expect, it } from 'vitest';
import type { ImportRequest } from '../../../src/data/import/import-request.ts';
import { importText } from '../../helpers/import.ts';

interface Export {
  readonly shop: string;
  readonly lines: readonly string[];
  readonly counted: { readonly orders: number; readonly customers: number; readonly revenue: number };
  readonly extra?: Omit<ImportRequest, 'orders'>;
}

/** Files as shops export them, with what their books say. */
const EXPORTS: readonly Export[] = [
  {
    shop: 'German merchandise management, with a name beside the customer’s number and a sum at the end',
    lines: [
      'Auftragsnummer;Auftragsdatum;Kundennummer;Kunde;Gesamtbetrag (brutto);Zahlungsstatus;Währung',
      'AU-2024-1;01.03.2024;K100;Müller GmbH;1.190,00;bezahlt;EUR',
      'AU-2024-2;15.03.2024;K101;Schmidt;59,50;unbezahlt;EUR',
      'AU-2024-3;22.04.2024;K100;Müller GmbH;23,80;bezahlt;EUR',
      'Summe;;;;1.273,30;;',
    ],
    counted: { orders: 2, customers: 1, revenue: 1213.8 },
  },
  {
    shop: 'Polish shop, with e-mail addresses',
    lines: [
      'Numer zamówienia;Data złożenia;Klient e-mail;Suma;Status;Waluta',
      '1;2024-03-01 10:00:00;anna@x.pl;1 234,56 zł;zrealizowane;PLN',
      '2;2024-03-05 10:00:00;ben@x.pl;99,00 zł;anulowane;PLN',
      '3;2024-04-01 10:00:00;anna@x.pl;50,00 zł;wysłane;PLN',
    ],
    counted: { orders: 2, customers: 1, revenue: 1284.56 },
  },
  {
    shop: 'Italian invoices, with documents of credit by their type',
    lines: [
      'Numero fattura;Data fattura;Cliente;Tipo documento;Importo',
      '1/2024;01/03/2024;Rossi;Fattura;100,00',
      '2/2024;15/03/2024;Bianchi;Fattura;50,00',
      '3/2024;20/03/2024;Rossi;Nota di credito;20,00',
    ],
    counted: { orders: 2, customers: 2, revenue: 130 },
  },
  {
    shop: 'report with a title, counts, sums and a remark',
    lines: [
      'Sales report',
      'Period: 01.03.2024 - 31.03.2024',
      '',
      'Order No;Customer No;Order date;Status;Total (EUR)',
      '1;c1;01.03.2024;paid;10,00',
      '2;c2;15.03.2024;paid;20,00',
      '',
      'Number of orders;2;;;',
      'Total;;;;30,00',
      'Printed on 01.04.2024 by admin',
    ],
    counted: { orders: 2, customers: 2, revenue: 30 },
  },
  {
    shop: 'log of events, of which only orders have an id',
    lines: [
      'event,user,ts,order_id,revenue',
      'order_completed,u1,1709287200000,o1,12.5',
      'page_view,u2,1709287300000,,',
      'order_completed,u1,1711965600000,o2,7.5',
    ],
    counted: { orders: 2, customers: 1, revenue: 20 },
    extra: { map: { customer_id: 'user', order_date: 'ts', order_status: 'event', total_amount: 'revenue' } },
  },
];

describe('an export of a newcomer', () => {
  it.each(EXPORTS)('counts what the books of the shop say: a $shop', async ({ lines, counted, extra }) => {
    const { report } = await importText({ orders: lines.join('\r\n') }, extra);
    const { orders, customers, revenue } = report.ledger;
    expect({ orders, customers, revenue: Number(revenue) }).toEqual(counted);
  });
});
