import { describe, expect, it } from 'vitest';
import { importShop } from '../../../src/data/import/import-shop.ts';
import { fileWith, importText, refusal } from '../../helpers/import.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

const NOW = new Date('2026-11-26T12:00:00Z');

describe('files with headers in other languages', () => {
  it.each([
    [
      'German',
      'Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag;Bestellstatus\n1;K-7;31.12.2024;1.250,50 €;bezahlt\n2;K-8;01.01.2025;12.400,00 €;storniert\n',
    ],
    [
      'French',
      'N° commande;Client;Date de commande;Montant total;Statut\n1;Éloïse;15 janvier 2025;1 250,50;payée\n2;Éloïse;3 février 2025;20,00;annulée\n',
    ],
    [
      'Spanish',
      'pedido,cliente,fecha,importe,estado\n1,ana,12-ene-2025,1250.50,pagado\n2,ana,13-abr-2025,11.00,cancelado\n',
    ],
    [
      'Italian',
      'Numero ordine;Cliente;Data ordine;Importo totale;Stato ordine\n1;Anna;31/12/2024;1.250,50;pagato\n2;Anna;01/01/2025;10,00;annullato\n',
    ],
    [
      'Dutch',
      'Bestelnummer;Klantnummer;Besteldatum;Totaalbedrag;Bestelstatus\n1;7;31-12-2024;1.250,50;betaald\n2;7;01-01-2025;10,00;geannuleerd\n',
    ],
    [
      'Portuguese',
      'Número do pedido;Cliente;Data do pedido;Valor total;Situação\n1;Ana;31/12/2024;1.250,50;pago\n2;Ana;01/01/2025;10,00;cancelado\n',
    ],
    [
      'Japanese',
      '注文番号,顧客ID,注文日時,合計金額,ステータス\n1,C1,2025年1月15日,1250.50円,完了\n2,C2,2025年1月16日,2000.00円,キャンセル\n',
    ],
    [
      'Chinese',
      '订单号,客户ID,下单时间,订单金额,订单状态\n1,C1,2025-01-15 10:00:00,1250.50,已完成\n2,C2,2025-01-16 10:00:00,20.00,已取消\n',
    ],
    [
      'Russian',
      'Номер заказа;Клиент;Дата заказа;Сумма;Статус\n1;Иван;15.01.2025;1 250,50;Выполнен\n2;Анна;16.01.2025;20,00;Отменен\n',
    ],
    [
      'French, by the customer’s name',
      'N° de commande;Nom du client;Date;Total TTC;État\n1;Élodie;15/01/2025;1 250,50 €;Livrée\n2;Paul;16/01/2025;20,00 €;Annulée\n',
    ],
    [
      'Polish',
      'Nr zamówienia;Klient;Data zamówienia;Kwota;Status zamówienia\n1;Anna;31.12.2024;1250,50;opłacone\n2;Anna;01.01.2025;10,00;anulowane\n',
    ],
  ])('are read in %s', async (_, orders) => {
    const { report } = await importText({ orders }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject({ orders: 1, customers: 1, revenue: '1250.5000' });
  });

  it('are read as lines if they name products', async () => {
    const orders =
      'Bestellnummer;Kundennummer;Bestelldatum;Artikelnummer;Artikelbezeichnung;Menge;Einzelpreis\n1;7;31.12.2024;A1;Tasse;2;10,50\n1;7;31.12.2024;A2;Kanne;1;30,00\n';
    const { report } = await importText({ orders }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject({ orders: 1, revenue: '51.0000', lines: 2 });
  });
});

describe('amounts that are written with their currency', () => {
  const header = 'order_id,customer_id,order_date,total_amount\n';
  const mixed = `${header}1,a,2025-01-01,€100.00\n2,b,2025-01-02,$50.00\n3,c,2025-01-03,€20.00\n`;

  it('are not added up if there are several currencies', async () => {
    expect(await refusal(importText({ orders: mixed }, { dryRun: true }, NOW))).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The orders are in 2 currencies: EUR (2 rows), USD (1 rows). Amounts of several currencies cannot be added up. Give rates (--rates USD=0.92 --currency EUR), or import the orders of one: --currency EUR."`,
    );
  });

  it('are those of the currency that is chosen, or converted by rates', async () => {
    const chosen = await importText({ orders: mixed }, { dryRun: true, currency: 'EUR' }, NOW);
    expect(chosen.report.ledger).toMatchObject({ orders: 2, revenue: '120.0000', currency: 'EUR' });
    const converted = await importText(
      { orders: mixed },
      { dryRun: true, currency: 'EUR', rates: { USD: 0.5 } },
      NOW,
    );
    expect(converted.report.ledger).toMatchObject({ orders: 3, revenue: '145.0000' });
  });

  it('are refused for lines as well', async () => {
    const orderItems =
      'order_id,customer_id,order_date,product_id,quantity,unit_price\n1,a,2025-01-01,P,1,100 zł\n2,b,2025-01-01,P,1,20 Kč\n';
    expect(await refusal(importText({ orderItems }, { dryRun: true }, NOW))).toMatch(/PLN.*CZK|CZK.*PLN/);
  });

  it('are added up if they all have one, or some have none', async () => {
    const orders = `${header}1,a,2025-01-01,€100.00\n2,b,2025-01-02,50.00\n3,c,2025-01-03,20.00 EUR\n`;
    const { report } = await importText({ orders }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject({ orders: 3, revenue: '170.0000', currency: 'EUR' });
  });

  it('are those of any currency with the same sign, if one is chosen', async () => {
    const orders = `${header}1,a,2025-01-01,$100.00\n2,b,2025-01-02,$50.00\n`;
    const chosen = await importText({ orders }, { dryRun: true, currency: 'CAD' }, NOW);
    expect(chosen.report.ledger).toMatchObject({ orders: 2, revenue: '150.0000', currency: 'CAD' });
    expect(await refusal(importText({ orders }, { dryRun: true, currency: 'EUR' }, NOW))).toMatch(
      /No row is in the currency EUR/,
    );
  });

  it('are refused if the names of columns tell several currencies', async () => {
    const orders = [
      await fileWith('jan.csv', 'order_id,customer_id,order_date,Total (EUR)\n1,a,2025-01-01,10\n'),
      await fileWith('feb.csv', 'order_id,customer_id,order_date,Total (USD)\n2,a,2025-02-01,10\n'),
    ];
    expect(
      await refusal(importShop({ orders, dryRun: true }, { home: await newTestHome(), now: NOW })),
    ).toMatchInlineSnapshot(
      `"IMPORT_REFUSED: The column "Total (EUR)" is in EUR, and "Total (USD)" in USD. Amounts of several currencies cannot be added up. Import files of one currency, or name the column of amounts with --map."`,
    );
  });
});

describe('discounts with a per cent sign', () => {
  it('are per cent', async () => {
    const orderItems =
      'order_id,customer_id,order_date,product_id,quantity,unit_price,discount\n1,a,2025-01-01,P,1,100,10%\n2,b,2025-01-01,P,2,50,25 %\n3,b,2025-01-02,P,1,50,\n';
    const { report } = await importText({ orderItems }, { dryRun: true }, NOW);
    expect(report.ledger.revenue).toBe('215.0000');
  });
});

describe('columns that say whether an order was paid or given back', () => {
  const header = 'order_id,customer_id,order_date,total';

  it('count what is paid', async () => {
    const orders = `${header},is_paid\n1,a,2025-01-01,10,true\n2,b,2025-01-02,20,false\n3,b,2025-01-03,20,true\n`;
    const { report } = await importText({ orders }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject({ orders: 2, revenue: '30.0000' });
  });

  it('are known in other languages', async () => {
    const orders =
      'Bestellnummer;Kundennummer;Bestelldatum;Gesamtsumme;Zahlungsstatus\n1;7;2025-01-05;119,00;Bezahlt\n2;8;2025-01-06;59,50;Offen\n3;7;2025-02-06;20,00;Erstattet\n';
    const { report } = await importText({ orders }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject({ orders: 1, revenue: '119.0000' });
  });

  it('subtract returns that a column of types names, and leave other types alone', async () => {
    const withTypes = (types: readonly string[]) =>
      `${header},type\n1,a,2025-01-01,100,${types[0]}\n2,b,2025-01-02,50,${types[0]}\n3,a,2025-01-09,40,${types[1]}\n`;
    const returns = await importText({ orders: withTypes(['Sale', 'Return']) }, { dryRun: true }, NOW);
    expect(returns.report.ledger).toMatchObject({ orders: 2, revenue: '110.0000' });
    const channels = await importText({ orders: withTypes(['Retail', 'Wholesale']) }, { dryRun: true }, NOW);
    expect(channels.report.ledger).toMatchObject({ orders: 3, revenue: '190.0000' });
  });

  it('take off what a column says was given back', async () => {
    const orders = `${header},refund\n1,a,2025-01-01,10,0\n2,b,2025-01-02,20,-5\n`;
    const { report } = await importText({ orders }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject({ orders: 2, revenue: '25.0000' });
  });

  it('do not find an offset from UTC in a date that ends in its year', async () => {
    const orders = `${header}\n1,a,31-01-2025,10\n2,b,15-02-2025,20\n`;
    const { report } = await importText({ orders }, { dryRun: true }, NOW);
    expect(report.notes).toEqual([]);
  });
});

describe('text in an encoding of before Unicode', () => {
  // As programs write them, because TextEncoder writes UTF-8 only: a header, a sale, a cancelled order.
  it.each([
    [
      'Shift_JIS',
      '928d95b694d48d862c8cda8b7149442c928d95b693fa2c8d878c768be08a7a2c83588365815b835e83580a312c43312c323032352f30312f31352c313235302e35302c8aae97b90a322c43322c323032352f30312f31362c323030302c834c83838393835a838b0a',
    ],
    [
      'GB 18030',
      'b6a9b5a5bac52cbfcdbba749442ccfc2b5a5cab1bce42cb6a9b5a5bdf0b6ee2cb6a9b5a5d7b4ccac0a312c43312c323032352d30312d31352031303a30303a30302c313235302e35302cd2d1cdeab3c90a322c43322c323032352d30312d31362031303a30303a30302c32302e30302cd2d1c8a1cffb0a',
    ],
    [
      'Windows-1251',
      'cdeeece5f020e7e0eae0e7e03bcaebe8e5edf23bc4e0f2e020e7e0eae0e7e03bd1f3ecece03bd1f2e0f2f3f10a313bc8e2e0ed3b31352e30312e323032353b313235302c35303bc2fbefeeebede5ed0a323bc0edede03b31362e30312e323032353b32302c30303bcef2ece5ede5ed0a',
    ],
    [
      'Windows-1250',
      '4e72207a616df37769656e69613b4b6c69656e743b44617461207a616df37769656e69613b576172746f9ce6207a616df37769656e69613b537461747573207a616df37769656e69610a313ba375636a613b323032352d30312d31353b313235302c35303b6f70b361636f6e650a323b416c613b323032352d30312d31363b32302c30303b616e756c6f77616e650a',
    ],
  ])('is recognised by the names of its columns: %s', async (_, hex) => {
    const orders = Buffer.from(hex, 'hex');
    const { report } = await importText({ orders }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject({ orders: 1, customers: 1, revenue: '1250.5000' });
  });
});

describe('a file of orders whose rows are parts of orders', () => {
  it('adds up different amounts of one order', async () => {
    const orders =
      'order_id,customer_id,order_date,amount\n1,a,2025-01-01 10:00,10\n1,a,2025-01-01 10:05,5\n2,b,2025-01-02,20\n3,a,2025-01-02,20\n3,a,2025-01-02,1\n';
    const { report } = await importText({ orders }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject({ orders: 3, customers: 2, revenue: '56.0000' });
    expect(report.notes).toEqual([
      '2 of 3 orders are on several rows with different amounts, so each row is a part of its order, and the amounts were added up.',
    ]);
  });

  it('does not add up an export that stands in the file twice', async () => {
    const rows =
      '1,a,2025-01-01,10\n1,a,2025-01-01,5\n2,b,2025-01-02,20\n3,a,2025-01-02,20\n3,a,2025-01-02,1\n';
    const orders = `order_id,customer_id,order_date,amount\n${rows}${rows}`;
    expect(await refusal(importText({ orders }, { dryRun: true }, NOW))).toMatch(/"1", "3"/);
  });

  it('is one of lines if its orders stand on rows with different products', async () => {
    const orders =
      'Order,Client,Date,Article,Total\n1,a,2025-01-15,Tea,10\n1,a,2025-01-15,Cup,5\n2,b,2025-01-16,Tea,20\n';
    const { report } = await importText({ orders }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject({ orders: 2, revenue: '35.0000', lines: 3 });
  });

  it('keeps a total that stands on each of them', async () => {
    const orders =
      'order_id,customer_id,order_date,item,total\n1,a,2025-01-15,Tea,15\n1,a,2025-01-15,Cup,15\n2,b,2025-01-16,Tea,20\n2,b,2025-01-16,Pot,20\n';
    const { report } = await importText({ orders }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject({ orders: 2, revenue: '35.0000', lines: 4 });
  });

  it('is one of orders if each order stands on one row with its product', async () => {
    const orders =
      'order_id,customer_id,order_date,item,total\n1,a,2025-01-15,Tea,15\n2,b,2025-01-16,Tea,20\n';
    const { report } = await importText({ orders }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject({ orders: 2, revenue: '35.0000', lines: 0 });
  });

  it('counts an order once whose status changed', async () => {
    const orders =
      'order_id,customer_id,order_date,total,status\n1,a,2025-01-01,10,pending\n1,a,2025-01-01,10,paid\n2,b,2025-01-02,20,paid\n2,b,2025-01-02,20,shipped\n';
    const { report } = await importText({ orders }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject({ orders: 2, revenue: '30.0000' });
  });
});

describe('exports that newcomers tried', () => {
  it.each([
    [
      'Etsy orders whose adjusted total is 0, because nothing was adjusted',
      'Sale Date,Order ID,Buyer User ID,Number of Items,Ship Country,Currency,Order Value,Shipping,Order Total,Status,Order Net,Adjusted Order Total,Buyer\n01/20/25,3001,u1,1,US,USD,20.00,5.00,26.50,,25.5,0.00,u1\n01/25/25,3002,u2,1,DE,USD,30.00,5.00,35.00,,34,0.00,u2\n01/26/25,3003,u2,1,DE,USD,30.00,5.00,35.00,,34,25.00,u2\n',
      { orders: 3, revenue: '86.5000' },
    ],
    [
      'Klaviyo events among which are e-mails',
      'Event,Timestamp,Email,Profile ID,$event_id,$value,$currency_code\nPlaced Order,2025-01-02 10:00:00,a@x.org,P1,e1,10.00,USD\nOpened Email,2025-01-03 10:00:00,a@x.org,P1,e2,,\nOrdered Product,2025-01-02 10:00:01,a@x.org,P1,e4,10.00,USD\nPlaced Order,2025-02-02 10:00:00,b@x.org,P2,e3,25.00,USD\n',
      { orders: 2, revenue: '35.0000' },
    ],
    [
      'PrestaShop orders, whose state is the order’s',
      'id;reference;new_client;country;customer;total_paid_tax_incl;payment;state;date_add\n1;ABCD;1;France;J. DOE;"25,00";PayPal;Paiement accepté;2025-01-15 10:00:00\n2;EFGH;0;France;A. BEE;"35,00";PayPal;Annulé;2025-01-16 10:00:00\n',
      { orders: 1, revenue: '25.0000' },
    ],
    [
      'eBay sales',
      'Order Number,Buyer Username,Item Number,Item Title,Quantity,Sold For,Total Price,Sale Date\n03-1,ann1,1234,Tea,2,$10.00,$25.00,Jan-13-25\n03-2,bob1,1235,Cup,1,$5.00,$8.00,Jan-14-25\n',
      { orders: 2, revenue: '33.0000', first_day: '2025-01-13' },
    ],
    [
      'a date and a time of day in two columns',
      'order_id,customer_id,date,time,total\n1,a,2025-01-01,10:00,10\n2,b,2025-01-02,11:00,20\n',
      { orders: 2, revenue: '30.0000' },
    ],
    [
      'lines that end with a carriage return alone',
      'order_id,customer_id,order_date,total\r1,a,2025-01-01,10\r2,b,2025-01-02,20\r',
      { orders: 2, revenue: '30.0000' },
    ],
    [
      'a log of events whose purchases are of a session',
      'event_time,event_type,product_id,price,user_id,user_session\n2025-01-01 10:00:00 UTC,view,P1,10.00,u1,s1\n2025-01-01 10:02:00 UTC,purchase,P1,10.00,u1,s1\n2025-01-01 10:02:00 UTC,purchase,P2,5.00,u1,s1\n2025-01-02 10:02:00 UTC,purchase,P2,5.00,u2,s2\n',
      { orders: 2, revenue: '20.0000', lines: 3 },
    ],
  ])('give what they say: %s', async (_, orders, ledger) => {
    const { report } = await importText({ orders }, { dryRun: true }, NOW);
    expect(report.ledger).toMatchObject(ledger);
  });
});
