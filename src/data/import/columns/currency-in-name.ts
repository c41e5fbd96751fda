const SIGNS: Readonly<Record<string, string>> = { '€': 'EUR', $: 'USD', '£': 'GBP' };
/** Codes that are no words of their own, so that they need no capitals: `total_eur`, but not `total_all`. */
const WITHOUT_CAPITALS = new Set(
  'eur usd gbp chf sek nok dkk pln czk huf jpy cny cad aud nzd inr brl mxn zar'.split(' '),
);
const CODES = new Set(Intl.supportedValuesOf('currency'));

/** The currency that the name of an amount ends with, and its sign if that is all: `Total (EUR)`, `Betrag in CHF`, `Price $`. */
export function currencyInName(
  name: string,
): { readonly currency: string; readonly sign: string } | undefined {
  const [, code = ''] = /(?:^|[\s_([/-])([A-Za-z]{3})[\s)\]]*$/.exec(name) ?? [];
  if (WITHOUT_CAPITALS.has(code.toLowerCase()) || CODES.has(code)) {
    return { currency: code.toUpperCase(), sign: code.toUpperCase() };
  }
  const [, sign = ''] = /([€$£])[\s)\]]*$/.exec(name) ?? [];
  const currency = SIGNS[sign];
  return currency === undefined ? undefined : { currency, sign };
}
