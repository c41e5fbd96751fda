/** What the features of a theme say together. People read reasons by theme, because many features say much the same. */
export const RISK_THEMES = [
  'recency',
  'pace',
  'rhythm',
  'history',
  'age',
  'spend',
  'variety',
  'season',
  'discount',
  'returns',
] as const;
export type RiskTheme = (typeof RISK_THEMES)[number];
