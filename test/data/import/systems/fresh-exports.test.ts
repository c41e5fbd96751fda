import { describe, expect, it } from 'vitest';
import { importText, refusal } from '../../../helpers/import.ts';

interface Export {
  readonly of: string;
  readonly lines: readonly string[];
  readonly expected: { readonly orders: number; readonly customers: number; readonly revenue: number };
}

/** Small exports, each with the ledger that a person works out from its rows. */
const EXPORTS: readonly Export[] = [
  {
    of: 'Etsy, whose adjusted totals are empty if nothing was adjusted',
    lines: [
      'Sale Date,Order ID,Buyer User ID,Full Name,Number of Items,Ship Country,Currency,Order Value,Discount Amount,Shipping,Order Total,Status,Adjusted Order Total,Adjusted Net Order Amount',
      '01/15/24,1,anna,Anna A,1,Germany,EUR,20.00,0.00,4.00,24.00,Shipped,,',
      '02/16/24,2,bo,Bo B,2,France,EUR,30.00,0.00,0.00,30.00,Shipped,18.50,17.00',
      '03/17/24,3,anna,Anna A,1,Germany,EUR,10.00,0.00,2.00,12.00,Shipped,0.00,0.00',
    ],
    expected: { orders: 3, customers: 2, revenue: 54.5 },
  },
  {
    of: 'WooCommerce Analytics, whose amounts are N. Revenue',
    lines: [
      'Date,Order #,Status,Customer,Customer type,Product(s),Items Sold,Coupon(s),N. Revenue,Attribution',
      '2024-01-15 10:00:00,101,completed,Anna Schmidt,new,"2× Tea",2,,40.00,Direct',
      '2024-02-15 10:00:00,102,processing,Bo Berg,new,"1× Cup",1,SALE,12.50,Organic: Google',
      '2024-02-16 10:00:00,103,cancelled,Bo Berg,returning,"1× Cup",1,,12.50,Direct',
      '2024-03-15 10:00:00,104,completed,Anna Schmidt,returning,"1× Tea",1,,20.00,Direct',
    ],
    expected: { orders: 3, customers: 2, revenue: 72.5 },
  },
  {
    of: 'Lightspeed, where a status Refunded stands on the refund itself',
    lines: [
      'Sale ID,Date,Customer ID,Status,Total',
      '1001,2024-01-05,55,Completed,120.00',
      '1002,2024-01-06,56,Completed,54.00',
      '1003,2024-02-06,55,Voided,36.00',
      '1005,2024-03-01,56,Refunded,-54.00',
      '1006,2024-03-04,55,Completed,96.00',
    ],
    expected: { orders: 3, customers: 2, revenue: 216 },
  },
  {
    of: 'a till where a status Refunded stands on the sale that was given back too',
    lines: [
      'Sale ID,Date,Customer ID,Status,Total',
      '1001,2024-01-05,55,Completed,120.00',
      '1002,2024-01-06,55,Refunded,54.00',
      '1005,2024-03-01,55,Refunded,-54.00',
    ],
    expected: { orders: 1, customers: 1, revenue: 120 },
  },
  {
    of: 'Clover, which has its refunds in a column of negative amounts',
    lines: [
      'Order ID,Order Date,Payment State,Order Total,Refunds Total,Customer ID',
      'AB1,15-Jan-2024 10:00 AM EST,Paid,20.00,0.00,K1',
      'AB2,16-Feb-2024 10:00 AM EST,Paid,30.00,-10.00,K2',
      'AB3,17-Mar-2024 10:00 AM EST,Open,40.00,0.00,K2',
      'AB4,18-Apr-2024 10:00 AM EST,Refunded,15.00,-15.00,K1',
    ],
    expected: { orders: 2, customers: 2, revenue: 40 },
  },
  {
    of: 'PayPal, where the bank sends a chargeback without an e-mail address',
    lines: [
      'Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,Reference Txn ID',
      '01/15/2024,10:00:00,PST,Ann,Website Payment,Completed,USD,50.00,-1.75,48.25,a@x.com,shop@x.com,T1,',
      '02/15/2024,10:00:00,PST,Bo,Website Payment,Completed,USD,80.00,-2.62,77.38,b@x.com,shop@x.com,T2,',
      '02/20/2024,10:00:00,PST,,Chargeback,Completed,USD,-50.00,0.00,-50.00,shop@x.com,,T3,T1',
      '02/21/2024,10:00:00,PST,,Chargeback,Completed,USD,-5.00,0.00,-5.00,,,T4,T2',
      '02/22/2024,10:00:00,PST,,Chargeback Fee,Completed,USD,-20.00,0.00,-20.00,shop@x.com,,T5,T3',
      '03/15/2024,10:00:00,PST,Ann,Website Payment,Completed,USD,30.00,-1.17,28.83,a@x.com,shop@x.com,T6,',
    ],
    expected: { orders: 3, customers: 2, revenue: 105 },
  },
  {
    of: 'Gumroad, which says in a column that a sale was refunded',
    lines: [
      'Purchase ID,Item Name,Buyer Name,Purchase Email,Purchase Date,Sale Price ($),Fully Refunded?,Partial Refund ($)',
      'p1,Course,Ann,a@x.com,2024-01-15,22.00,0,0.0',
      'p2,Course,Bo,b@x.com,2024-02-15,22.00,1,0.0',
      'p3,Book,Ann,a@x.com,2024-03-15,11.00,0,0.0',
    ],
    expected: { orders: 2, customers: 1, revenue: 33 },
  },
  {
    of: 'GA4 events, with a refund',
    lines: [
      'event_date,event_timestamp,event_name,user_pseudo_id,transaction_id,value,currency',
      '20240115,1705312800000000,page_view,u1,,,',
      '20240115,1705313000000000,purchase,u1,T1,15.5,EUR',
      '20240220,1708423200000000,purchase,u2,T2,40,EUR',
      '20240320,1710928800000000,refund,u1,T1,15.5,EUR',
      '20240321,1711015200000000,purchase,u1,T3,22.25,EUR',
    ],
    expected: { orders: 3, customers: 2, revenue: 62.25 },
  },
  {
    of: 'Recurly invoices, with a failed one and a credit',
    lines: [
      'invoice_number,invoice_created_at,account_code,account_email,invoice_state,invoice_type,invoice_total',
      '1,2024-01-15T10:00:00Z,acc1,a@x.com,paid,charge,10.80',
      '2,2024-02-15T10:00:00Z,acc1,a@x.com,paid,charge,10.80',
      '3,2024-02-20T10:00:00Z,acc2,b@x.com,failed,charge,21.60',
      '4,2024-03-15T10:00:00Z,acc1,a@x.com,paid,credit,-5.40',
      '5,2024-03-18T10:00:00Z,acc2,b@x.com,paid,charge,21.60',
    ],
    expected: { orders: 3, customers: 2, revenue: 37.8 },
  },
  {
    of: 'Rakuten, whose total has the postage',
    lines: [
      '注文番号,注文日時,注文者メールアドレス,ステータス,商品番号,商品名,単価,個数,合計金額',
      '1-20240105,2024-01-05 10:00:00,a@x.jp,発送済,S1,湯呑,1500,2,3500',
      '2-20240106,2024-02-06 10:00:00,b@x.jp,キャンセル確定,S1,湯呑,1500,1,2000',
      '3-20240306,2024-03-06 10:00:00,b@x.jp,発送済,S2,皿,900,1,1400',
    ],
    expected: { orders: 2, customers: 2, revenue: 4900 },
  },
  {
    of: 'Shopee, with a refund in a column of its own',
    lines: [
      'Order ID,Order Status,Return / Refund Status,Username (Buyer),Order Creation Date,Product Name,Deal Price,Quantity,Grand Total',
      '2401A1,Completed,,ann,2024-01-05 10:00,Kabel,50.00,2,110.00',
      '2401A1,Completed,,ann,2024-01-05 10:00,Case,10.00,1,110.00',
      '2401A2,Cancelled,,bo,2024-01-06 10:00,Kabel,50.00,1,50.00',
      '2402A3,Completed,Refund Completed,bo,2024-02-06 10:00,Kabel,50.00,1,50.00',
      '2403A4,Shipping,,bo,2024-03-06 10:00,Kabel,50.00,3,150.00',
    ],
    expected: { orders: 2, customers: 2, revenue: 260 },
  },
  {
    of: 'QuickBooks, with a credit memo',
    lines: [
      'Date,Transaction Type,Num,Customer,Memo/Description,Qty,Sales Price,Amount,Balance',
      '01/15/2024,Invoice,1001,Ann,Desk,1,200.00,200.00,200.00',
      '01/15/2024,Invoice,1001,Ann,Lamp,1,40.00,40.00,240.00',
      '02/20/2024,Sales Receipt,1002,Bo,Lamp,2,40.00,80.00,80.00',
      '03/15/2024,Credit Memo,1003,Ann,Lamp,-1,40.00,-40.00,200.00',
    ],
    expected: { orders: 2, customers: 2, revenue: 280 },
  },
  {
    of: 'SAP Business One, with a cancelled document',
    lines: [
      'DocNum,DocDate,CardCode,CANCELED,ItemCode,Dscription,Quantity,Price,LineTotal',
      '5001,20240105,C100,N,I1,Desk,1.000000,200.000000,200.00',
      '5002,20240206,C200,Y,I2,Lamp,1.000000,50.000000,50.00',
      '5003,20240306,C200,N,I2,Lamp,2.000000,50.000000,100.00',
    ],
    expected: { orders: 2, customers: 2, revenue: 300 },
  },
  {
    of: 'Odoo’s table of orders, where "sent" is a quotation',
    lines: [
      'name,date_order,partner_id,amount_total,state',
      'S1,2025-01-05 10:00:00,7,100.0,sale',
      'S2,2025-01-06 10:00:00,8,50.0,sent',
      'S3,2025-02-06 10:00:00,8,70.0,done',
      'S4,2025-02-07 10:00:00,7,30.0,draft',
      'S5,2025-03-07 10:00:00,7,30.0,cancel',
    ],
    expected: { orders: 2, customers: 2, revenue: 170 },
  },
  {
    of: 'a Danish shop, with letters that have no accent to remove',
    lines: [
      'Ordrenummer;Kundenummer;Ordredato;Beløb i alt;Status',
      '1;7;15-01-2025;1.250,50;Gennemført',
      '2;8;16-01-2025;20,00;Annulleret',
      '3;8;16-02-2025;99,00;Afsendt',
      '4;7;17-02-2025;99,00;Refunderet',
    ],
    expected: { orders: 2, customers: 2, revenue: 1349.5 },
  },
  {
    of: 'a Czech shop',
    lines: [
      'Číslo objednávky;Zákazník;Datum objednávky;Celkem;Stav',
      '1;Anna;15.01.2025;1 250,50;Vyřízeno',
      '2;Bo;16.01.2025;20,00;Stornováno',
      '3;Bo;16.02.2025;99,00;Odesláno',
      '4;Anna;17.02.2025;1,00;Čeká na platbu',
    ],
    expected: { orders: 2, customers: 2, revenue: 1349.5 },
  },
  {
    of: 'a Japanese shop, whose commas can only group thousands',
    lines: [
      '注文番号,顧客番号,注文日,合計,注文ステータス',
      '1,C1,2025/01/15,"1,500",発送済み',
      '2,C2,2025/01/16,"2,000",入金待ち',
      '3,C2,2025/02/16,"2,000",完了',
    ],
    expected: { orders: 2, customers: 2, revenue: 3500 },
  },
  {
    of: 'Taobao',
    lines: [
      '订单编号,买家会员名,订单创建时间,买家实际支付金额,订单状态',
      '1001,甲,2025-01-15 10:00:00,150.00,交易成功',
      '1002,乙,2025-01-16 10:00:00,20.00,交易关闭',
      '1003,乙,2025-02-16 10:00:00,30.00,卖家已发货',
      '1004,乙,2025-02-17 10:00:00,40.00,等待买家付款',
    ],
    expected: { orders: 2, customers: 2, revenue: 180 },
  },
  {
    of: 'a till, whose receipt has several articles',
    lines: [
      'Bon;Kunde;Datum;Artikel;Menge;Einzelpreis;Gesamtpreis',
      '1;7;15.01.2025;Käse;0,350;20,00;7,00',
      '1;7;15.01.2025;Brot;1;3,50;3,50',
      '2;8;16.01.2025;Käse;1,200;20,00;24,00',
    ],
    expected: { orders: 2, customers: 2, revenue: 34.5 },
  },
  {
    of: 'bookings, of which some were cancelled',
    lines: [
      'booking_id,customer_id,booking_date,amount,stay_status',
      '1,g1,2025-01-05,100,CheckedOut',
      '2,g2,2025-01-06,50,Canceled',
      '3,g2,2025-02-06,70,Confirmed',
      '4,g1,2025-02-06,70,Extended',
    ],
    expected: { orders: 3, customers: 2, revenue: 240 },
  },
  {
    of: 'a till that marks in a column what came back',
    lines: [
      'order_id,customer_id,date,total,returned',
      '1,a,2025-01-05,10,No',
      '2,b,2025-01-06,20,Yes',
      '3,b,2025-02-06,20,No',
    ],
    expected: { orders: 2, customers: 2, revenue: 30 },
  },
  {
    of: 'a Lightspeed till, which says of each sale whether it was completed',
    lines: [
      'Sale ID,Date,Time,Register,Employee,Customer,Customer ID,Total,Tax,Discount,Payments,Completed',
      'S1,2025-01-03,10:00,R1,Joe,Ann Lee,C1,59.90,9.56,0.00,Cash,true',
      'S2,2025-01-04,11:00,R1,Joe,Bo Ray,C2,20.00,3.19,5.00,Card,true',
      'S3,2025-01-09,12:00,R1,Joe,Ann Lee,C1,-19.90,-3.18,0.00,Cash,true',
      'S4,2025-02-01,12:00,R1,Joe,Bo Ray,C2,80.00,12.77,0.00,Card,false',
    ],
    expected: { orders: 2, customers: 2, revenue: 60 },
  },
  {
    of: 'the orders table of PrestaShop, which says of each order whether it is valid',
    lines: [
      'id_order;reference;id_customer;date_add;current_state;total_paid_tax_incl;total_paid_real;valid',
      '10;XKBKNABJK;5;2025-01-03 10:00:00;2;120.500000;120.500000;1',
      '11;OHSATSERP;6;2025-01-04 10:00:00;6;40.000000;0.000000;0',
      '12;UOYEVOLI;5;2025-02-04 10:00:00;5;75.250000;75.250000;1',
    ],
    expected: { orders: 2, customers: 1, revenue: 195.75 },
  },
  {
    of: 'a shop that writes paid as 1 or 0',
    lines: [
      'order_id,customer_id,order_date,total,paid',
      '1,a,2025-01-03,10,1',
      '2,b,2025-01-04,20,0',
      '3,a,2025-01-05,30,1',
    ],
    expected: { orders: 2, customers: 1, revenue: 40 },
  },
  {
    of: 'a shop with the day on which orders were completed',
    lines: [
      'order_id,customer_id,order_date,total,completed',
      '1,a,2025-01-03,10,2025-01-04',
      '2,b,2025-01-04,20,',
      '3,a,2025-01-05,30,2025-01-06',
    ],
    expected: { orders: 3, customers: 2, revenue: 60 },
  },
  {
    of: 'Klarna settlements, whose fees are no refunds',
    lines: [
      'type,amount,currency_code,order_id,short_order_id,merchant_reference1,sale_date,capture_date,customer_id',
      'SALE,25.00,EUR,k1,S1,1,2025-01-03T10:00:00Z,2025-01-04,c1',
      'FEE,-0.75,EUR,k1,S1,1,2025-01-03T10:00:00Z,2025-01-04,c1',
      'SALE,40.00,EUR,k2,S2,2,2025-01-05T10:00:00Z,2025-01-06,c2',
      'FEE,-1.20,EUR,k2,S2,2,2025-01-05T10:00:00Z,2025-01-06,c2',
      'RETURN,-15.00,EUR,k2,S2,2,2025-01-05T10:00:00Z,2025-01-16,c2',
    ],
    expected: { orders: 2, customers: 2, revenue: 50 },
  },
  {
    of: 'Zettle, with a title, a sum, and the method of payment beside the total',
    lines: [
      'Zettle receipts report;;;;;',
      'Period: 2025-01-01 - 2025-01-31;;;;;',
      ';;;;;',
      'Date;Time;Receipt number;Customer;Total (SEK);Payment',
      '2025-01-03;10:00;1001;Anna;1 250,00;Card',
      '2025-01-04;11:00;1002;Bo;99,50;Card',
      '2025-01-05;12:00;1003;Anna;-250,00;Card',
      ';;;Summa;1 099,50;',
    ],
    expected: { orders: 2, customers: 2, revenue: 1099.5 },
  },
  {
    of: 'a sheet whose subtotals have the day of the last order',
    lines: [
      'customer_id,order_id,order_date,total',
      'a,1,2025-01-03,20',
      'a,2,2025-01-14,30',
      'a,Subtotal,2025-01-14,50',
      'b,SUM-3,2025-01-15,10',
      'b,Subtotal,2025-01-15,10',
    ],
    expected: { orders: 3, customers: 2, revenue: 60 },
  },
];

describe('an export of', () => {
  it.each(EXPORTS)('$of gives the ledger of its rows', async ({ lines, expected }) => {
    const { report } = await importText({ orders: lines.join('\n') }, { dryRun: true });
    const { orders, customers, revenue } = report.ledger;
    expect({ orders, customers, revenue: Number(revenue) }).toEqual(expected);
  });
});

describe('an export that is refused', () => {
  it.each([
    [
      'does not tell on which side the sales are',
      'order_id,customer_id,order_date,amount,dr_cr\n1,a,2025-01-03,20.00,CR\n2,b,2025-01-14,30.00,CR\n3,b,2025-01-20,10.00,DR\n',
      /The words "CR", "DR" in "dr_cr" do not tell which amounts are sales.*--sales-status CR/,
    ],
    [
      'calls its sales credit',
      'order_id,customer_id,date,amount,type\nR1,a,2025-01-03,20.00,credit\nR2,b,2025-01-14,30.00,credit\nR3,b,2025-01-20,10.00,debit\n',
      /The words "credit", "debit" in "type" do not tell/,
    ],
    [
      'has its amounts in thousands',
      'order_id,customer_id,order_date,Total (in thousands)\n1,a,2025-01-31,10.5\n',
      /has no column for total_amount/,
    ],
  ])('%s', async (_, orders, message) => {
    expect(await refusal(importText({ orders }, { dryRun: true }))).toMatch(message);
  });

  it('is read if the user names the word of sales', async () => {
    const orders =
      'order_id,customer_id,order_date,amount,dr_cr\n1,a,2025-01-03,20.00,CR\n2,b,2025-01-14,30.00,DR\n';
    const { report } = await importText({ orders }, { dryRun: true, salesStatuses: ['CR'] });
    expect(report.ledger).toMatchObject({ orders: 1, revenue: '20.0000' });
  });
});
