import { describe, expect, it } from 'vitest';
import { chargeReason } from '../../../../src/data/import/meaning/charges.ts';

const product = (
  id: string,
  name: string | null,
  category: string | null = null,
  highestPrice: number | null = 5,
) => chargeReason({ id, name, category, highestPrice });

describe('chargeReason', () => {
  it.each([
    ['POST', 'POSTAGE'],
    ['DOT', 'DOTCOM POSTAGE'],
    ['C2', 'CARRIAGE'],
    ['BANK CHARGES', 'Bank Charges'],
    ['S', 'SAMPLES'],
    ['gift_0001_20', 'Dotcomgiftshop Gift Voucher £20.00'],
    ['1', 'Gift Card'],
    ['2', 'DHL Express Shipping'],
    ['3', 'Versandkosten'],
    ['4', 'Geschenkgutschein 25 €'],
    ['5', 'Frais de port'],
    ['6', 'Gastos de envío'],
    ['7', 'Spese di spedizione'],
    ['8', 'Verzendkosten'],
    ['9', 'Wysyłka DPD'],
    ['10', 'Presentkort 500'],
  ])('finds the charge %s "%s" by its name', (id, name) => {
    expect(product(id, name)).toBe('by its name');
  });

  it.each([
    ['M', 'Manual'],
    ['B', 'Adjust bad debt'],
    ['CRUK', 'CRUK Commission'],
    ['POST', null],
    ['SHIP-01', 'Standard'],
  ])('finds the charge %s "%s" by its code', (id, name) => {
    expect(product(id, name)).toBe('by its code');
  });

  it('finds charges by category, and finds samples that are always free', () => {
    expect(product('1', 'Blue, 20', 'Gift Cards')).toBe('by its category');
    expect(product('1', 'Tea taster', null, 0)).toBe('always free');
  });

  it.each([
    'OCCASIONS GIFT CARD ASSORTMENT',
    'VINTAGE METAL POSTCARD CHRISTMAS',
    'WHITE BAROQUE CARRIAGE CLOCK',
    'Shipping box, cardboard',
    'Sample pack, 12 teas',
    'Port',
    'SPACEBOY GIFT WRAP',
    'Manual',
  ])('takes "%s" for a product', (name) => {
    expect(product('85072', name)).toBeUndefined();
  });
});
