import { MUCH_DRIFT, SOME_DRIFT } from '../metrics/drift.ts';
import { inertMarkdown } from '../text/inert-markdown.ts';
import type { ResponseFormat } from './schemas.ts';
import type { DriftReport } from './tool-context.ts';

const MOST_MOVED = 5;

/** How far the current data has moved since training; a concise answer tells it only if a new version is needed. */
export function driftLines(drift: DriftReport | undefined, format: ResponseFormat): string[] {
  if (drift === undefined || (format === 'concise' && drift.scorePsi < MUCH_DRIFT)) return [];
  return [driftText(drift)];
}

function driftText({ asOf, scorePsi, features }: DriftReport): string {
  const moved = features.filter(({ psi }) => psi >= SOME_DRIFT).slice(0, MOST_MOVED);
  const most = moved.map(({ feature, psi }) => `${inertMarkdown(feature)} ${psi.toFixed(2)}`).join(', ');
  const advice = scorePsi >= MUCH_DRIFT ? ' Train a new version on the current data.' : '';
  return `Drift: scores of customers as of ${asOf} have moved ${amountOf(scorePsi)} since training (PSI ${scorePsi.toFixed(2)}; ${SOME_DRIFT} is some, ${MUCH_DRIFT} much)${most === '' ? '' : `; features that moved: ${most}`}.${advice}`;
}

function amountOf(psi: number): string {
  if (psi >= MUCH_DRIFT) return 'much';
  return psi >= SOME_DRIFT ? 'somewhat' : 'little';
}
