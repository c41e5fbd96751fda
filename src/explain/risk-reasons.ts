/**
 * From contributions to reasons. Many features say much the same (orders in the last 90 and 180 days), and the model
 * shares a customer's risk among them as it happened to split. So contributions are summed by theme for people to read.
 */
import { FEATURES } from '../features/churn-features.ts';
import { RISK_THEMES, type RiskTheme } from '../features/risk-theme.ts';

const THEME_OF = new Map<string, RiskTheme>(FEATURES.map(({ name, theme }) => [name, theme]));

/** How far a theme moved a customer's score from the average customer's, in log-odds: positive raises the risk. */
export interface RiskReason {
  readonly theme: RiskTheme;
  readonly contribution: number;
}

/** Log-odds too small for a reason: they change the odds by less than a twentieth. */
const SLIGHT = 0.05;

/** The reasons that raise a risk noticeably, strongest first. */
export function raisingReasons(reasons: readonly RiskReason[]): RiskReason[] {
  return reasons.filter(({ contribution }) => contribution > SLIGHT);
}

/** The reasons that lower a risk noticeably, strongest first. */
export function loweringReasons(reasons: readonly RiskReason[]): RiskReason[] {
  return reasons.filter(({ contribution }) => contribution < -SLIGHT);
}

/**
 * Sums a row's contributions (log-odds, in the order of `featureNames`) by theme: the strongest first, whichever way it
 * points, then in the order of `RISK_THEMES`. Themes that moved nothing are left out, and so are features that this
 * version does not know.
 */
export function reasonsOf(featureNames: readonly string[], contributions: ArrayLike<number>): RiskReason[] {
  const sums = new Map<RiskTheme, number>();
  for (const [i, name] of featureNames.entries()) {
    const theme = THEME_OF.get(name);
    if (theme === undefined) continue;
    sums.set(theme, (sums.get(theme) ?? 0) + contributions[i]);
  }
  return RISK_THEMES.flatMap((theme) => {
    const contribution = sums.get(theme) ?? 0;
    return contribution === 0 ? [] : [{ theme, contribution }];
  }).sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}
