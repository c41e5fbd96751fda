import type { ShopSystem } from './shop-system.ts';

/**
 * Activity → Download, one row per movement of money: sales, refunds, and transfers, holds and conversions, which are no
 * sales. https://developer.paypal.com/docs/reports/online-reports/activity-download/
 */
export const PAYPAL_ACTIVITY: ShopSystem = {
  name: 'PayPal activity',
  tables: ['orders'],
  rowsAre: 'orders',
  signature: [
    'Currency|Währung',
    'Gross|Brutto',
    'Net|Netto',
    'Type|Typ|Description|Beschreibung',
    'From Email Address|Absender E-Mail-Adresse',
    'Transaction ID|Transaktionscode',
  ],
  columns: {
    order_id: ['Transaction ID', 'Transaktionscode'],
    customer_id: ['From Email Address', 'Absender E-Mail-Adresse'],
    order_date: ['Date', 'Datum'],
    order_status: ['Type', 'Typ', 'Description', 'Beschreibung'],
    payment_status: ['Status'],
    total_amount: ['Gross', 'Brutto'],
    currency: ['Currency', 'Währung'],
    country: ['Country Code', 'Ländervorwahl', 'Country', 'Land'],
  },
  // The shop is the sender of a refund, which has an id of its own.
  ofNegative: {
    order_id: ['Reference Txn ID', 'Zugehöriger Transaktionscode'],
    customer_id: ['To Email Address', 'Empfänger E-Mail-Adresse'],
  },
  negativeSalesArePaidOut: true,
  notRead: [
    ...['Time', 'Time Zone', 'Name', 'Fee', 'Net', 'Item Title', 'Item ID', 'Quantity', 'Subject', 'Note'],
    ...[
      'Invoice Number',
      'Invoice ID',
      'Custom Number',
      'Receipt ID',
      'Balance',
      'Balance Impact',
      'Sales Tax',
    ],
    ...['Shipping and Handling Amount', 'Reference Txn ID', 'To Email Address', 'Address Status'],
    ...['Uhrzeit', 'Zeitzone', 'Gebühr', 'Entgelt', 'Netto', 'Artikelbezeichnung', 'Artikelnummer', 'Anzahl'],
    ...['Rechnungsnummer', 'Guthaben', 'Empfänger E-Mail-Adresse', 'Zugehöriger Transaktionscode'],
  ],
  otherStatusesAreNoSale: true,
  statuses: {
    ...verdicts('sale', [
      ...['payment', 'payment received', 'general payment', 'mobile payment', 'website payment'],
      ...['express checkout payment', 'express checkout payment received', 'mobile express checkout payment'],
      ...['web accept payment received', 'shopping cart payment received', 'virtual terminal payment'],
      ...['website payments pro api solution', 'direct credit card payment', 'pay pal here payment'],
      ...[
        'subscription payment',
        'subscription payment received',
        'recurring payment',
        'recurring payment received',
      ],
      ...[
        'pre approved payment bill user payment',
        'preapproved payment bill user payment',
        'donation payment',
      ],
      ...['e bay auction payment', 'ebay auction payment', 'invoice payment', 'pay with pay pal payment'],
      ...[
        'allgemeine zahlung',
        'handyzahlung',
        'website zahlung',
        'pay pal express zahlung',
        'abonnementzahlung',
      ],
      ...['abonnement zahlung', 'zahlung', 'zahlung erhalten', 'e bay auktionszahlung', 'spendenzahlung'],
      ...['einzugsermachtigung fur rechnungszahlung von nutzer', 'zahlung per mobiltelefon'],
    ]),
    ...verdicts('refund', [
      ...['payment refund', 'refund', 'payment reversal', 'reversal', 'chargeback', 'mass pay refund'],
      ...['ruckzahlung', 'zahlungsruckzahlung', 'ruckbuchung', 'erstattung', 'zahlungserstattung'],
    ]),
    // What was given back is a row of its own, so the payment itself still counts.
    ...verdicts('sale', ['completed', 'refunded', 'partially refunded', 'reversed', 'cleared', 'paid']),
    ...verdicts('sale', [
      'abgeschlossen',
      'zuruckgezahlt',
      'teilweise zuruckgezahlt',
      'erstattet',
      'bezahlt',
    ]),
  },
  note: 'Amounts are what customers paid, before fees. Transfers, holds, conversions and payments of the shop itself are no sales.',
};

function verdicts<Verdict extends string>(
  verdict: Verdict,
  words: readonly string[],
): Record<string, Verdict> {
  return Object.fromEntries(words.map((word) => [word, verdict]));
}
