/** Currencies without a smaller unit: https://docs.stripe.com/currencies#zero-decimal */
const WITHOUT_MINOR_UNITS = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF'.split(' ');
/** Their smaller unit is out of use (CLDR gives them no digits), or shops leave it out. */
const WRITTEN_WHOLE =
  'AFN ALL AMD COP CRC HUF IDR IQD IRR ISK KPW LAK LBP MMK RSD SOS SYP TWD TZS UYI UZS YER'.split(' ');
const THREE_DECIMALS = ['BHD', 'JOD', 'KWD', 'OMR', 'TND'];

/** Currencies in which nobody writes thousandths: in `1,250` yen the comma groups thousands. */
export const WHOLE_CURRENCIES: readonly string[] = [...WITHOUT_MINOR_UNITS, ...WRITTEN_WHOLE];

/** The value of one of a currency's smallest unit, as payment systems count it. */
export function minorUnit(currency: string): number {
  if (WITHOUT_MINOR_UNITS.includes(currency)) return 1;
  return THREE_DECIMALS.includes(currency) ? 0.001 : 0.01;
}

/** Signs that several currencies share, each with these currencies. The first one is meant beside other currencies. */
const SHARED_SIGNS: Readonly<Record<string, readonly string[]>> = {
  $: 'USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP UYU DOP BSD BBD BMD BZD FJD JMD LRD NAD TTD XCD'.split(' '),
  KR: ['SEK', 'NOK', 'DKK', 'ISK'],
  '¥': ['JPY', 'CNY'],
  '￥': ['JPY', 'CNY'],
  '£': ['GBP', 'EGP', 'GIP', 'FKP', 'SHP', 'LBP', 'SYP'],
  RS: ['INR', 'PKR', 'LKR', 'NPR', 'MUR', 'SCR'],
};

/** The currencies that a sign may mean; only itself for a code, or a sign of one currency. */
export function currenciesOf(sign: string): readonly string[] {
  return SHARED_SIGNS[sign] ?? [sign];
}

export function isSharedSign(sign: string): boolean {
  return sign in SHARED_SIGNS;
}
