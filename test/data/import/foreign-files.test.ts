import { describe, expect, it } from 'vitest';
import { importText, refusal } from '../../helpers/import.ts';

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
    expect(report.ledger).toMatchObject({ orders: 3, revenue: '170.0000' });
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
