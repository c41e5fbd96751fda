import type { ScoringEnvironment } from '../scoring/score-customers.ts';
import type { OpenedVersion } from './scorer-cache.ts';
import type { ServiceParts } from './service-parts.ts';

/** Keeps the scores of a forecast, to compare them later with what happened. */
export async function recordingOf(
  { predictions }: ServiceParts,
  { version: { card } }: OpenedVersion,
): Promise<Pick<ScoringEnvironment, 'onScored'>> {
  if (card.details.kind !== 'forward') return {};
  const log = await predictions();
  return { onScored: (scores) => log.record(card, scores) };
}
