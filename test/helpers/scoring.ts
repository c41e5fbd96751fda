import { openRegistry } from '../../src/registry/file-registry.ts';
import { createScorer } from '../../src/scoring/onnx-scorer.ts';
import type { ScoringEnvironment } from '../../src/scoring/score-customers.ts';
import { createInProcessTrainer } from './in-process-trainer.ts';
import type { TestSnapshot } from './snapshot.ts';
import { trainChurnModel } from './training.ts';

/** A forward model of 60 days trained on a shop, opened for scoring it. */
export async function scoringOf({
  data,
  home,
}: Pick<TestSnapshot, 'data' | 'home'>): Promise<ScoringEnvironment> {
  const registry = openRegistry(home, { now: () => new Date() });
  const env = { data, registry, trainer: createInProcessTrainer(), now: () => new Date() };
  const { card } = await trainChurnModel({ label: 'forward', horizonDays: 60 }, env);
  const version = await registry.load(card.model, card.version);
  return { data, version, scorer: await createScorer(version.onnx) };
}
