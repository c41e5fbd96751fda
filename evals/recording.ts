/** What a model answered, kept so that it can be scored again without it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type EvalCases, evalsFolder } from './cases.ts';
import { type CaseScore, type ScoringRules, scoreCase } from './scorer.ts';

const toolCallSchema = z.strictObject({ tool: z.string(), arguments: z.record(z.string(), z.unknown()) });

export const recordingSchema = z.strictObject({
  provider: z.string(),
  model: z.string(),
  recorded_at: z.iso.datetime(),
  server_version: z.string(),
  /** As it was scored then. The tests hold every later change of the scorer or the cases to it. */
  score: z.strictObject({ cases: z.int(), tools: z.int(), arguments: z.int() }),
  /** The number that stood for `{{job_id}}`. */
  job_id: z.string(),
  answers: z.array(z.strictObject({ id: z.string(), calls: z.array(toolCallSchema), text: z.string() })),
});
export type Recording = z.output<typeof recordingSchema>;

export const recordingsFolder = () => join(evalsFolder(), 'recordings');

export function readRecordings(): Recording[] {
  const folder = recordingsFolder();
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => recordingSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))));
}

/** Scores of the cases that were recorded; cases written since have no answer to be scored. */
export function scoreAnswers(
  answers: Recording['answers'],
  { cases }: EvalCases,
  rules: ScoringRules,
): CaseScore[] {
  const byId = new Map(answers.map((answer) => [answer.id, answer.calls]));
  return cases.flatMap((evalCase) => {
    const calls = byId.get(evalCase.id);
    return calls === undefined ? [] : [scoreCase(evalCase, calls, rules)];
  });
}
