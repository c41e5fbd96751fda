/** A column that moves a customer's risk, in words. */
import type { TableReason } from '../scoring/table-reasons.ts';
import { formatPercent } from '../text/format.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';

/** Log-odds too small for a reason: they change the odds by less than a twentieth. */
const SLIGHT = 0.05;
const MOST_CHARACTERS = 60;

/** The reasons that raise a risk noticeably, strongest first. */
export function raisingOf(reasons: readonly TableReason[]): TableReason[] {
  return reasons.filter(({ contribution }) => contribution > SLIGHT);
}

/** The reasons that lower a risk noticeably, strongest first. */
export function loweringOf(reasons: readonly TableReason[]): TableReason[] {
  return reasons.filter(({ contribution }) => contribution < -SLIGHT);
}

/**
 * "Contract is Month-to-month (43% of such customers left)", "tenure is 2 (of those with less than 9, 45% left)": to be read
 * beside the share of the whole table that left.
 */
export function tableReasonText({ column, value, like }: TableReason): string {
  const is = `${inertMarkdown(column, MOST_CHARACTERS)} is ${value === undefined ? 'missing' : inertMarkdown(value, MOST_CHARACTERS)}`;
  if (like === undefined) return is;
  const share = formatPercent(like.left, 0);
  return like.range === undefined
    ? `${is} (${share} of such customers left)`
    : `${is} (of those with ${inertMarkdown(like.range)}, ${share} left)`;
}
