/** The chosen version, for those who ask: quality, how far customers have moved since, and the versions over time. */
import type { Metrics, Version } from './answers.ts';
import { driftSection } from './drift.ts';
import { element } from './elements.ts';
import { qualitySection } from './quality.ts';
import { versionsSection } from './versions.ts';

export function modelSection(metrics: Metrics, versions: readonly Version[]): HTMLElement[] {
  const parts = [
    ['Quality', qualitySection(metrics)],
    ['Drift', driftSection(metrics)],
    ['Versions', versionsSection(versions, metrics.model)],
  ] as const;
  return parts.map(([title, content]) =>
    element('section', { class: 'part' }, element('h3', { class: 'part-title' }, title), ...content),
  );
}
