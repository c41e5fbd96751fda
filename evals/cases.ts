/** The evaluation cases: what people ask, and the calls that a model should make. `README.md` tells how they are written. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../src/package-root.ts';

const callSchema = z.strictObject({
  tool: z.string(),
  /** What has to be given. `{"any_of": […]}` stands for any one of its values. */
  arguments: z.record(z.string(), z.unknown()),
  /** Further arguments that do no harm, whatever their value. */
  allowed: z.array(z.string()).optional(),
});
export type ExpectedCall = z.output<typeof callSchema>;

const caseSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** Who asks so: an agent of the reference system, somebody who runs a shop, somebody who runs the models. */
  from: z.enum(['reference', 'manager', 'engineer']),
  question: z.string(),
  /** What was said before. */
  context: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), text: z.string() })).optional(),
  /** The conversation is about a call that goes on as a job: `{{job_id}}` stands for its number. */
  running_job: z.literal(true).optional(),
  note: z.string().optional(),
  /** The calls of the model's next turn, in any order. None where it should answer or ask back. */
  expected: z.array(callSchema),
  /** Other sets of calls that are as good. */
  or: z.array(z.array(callSchema)).optional(),
});
export type EvalCase = z.output<typeof caseSchema>;

const casesSchema = z.strictObject({
  /** The day on which all is asked. */
  today: z.iso.date(),
  /** Arguments that never make a call wrong. */
  always_allowed: z.array(z.string()),
  cases: z.array(caseSchema),
});
export type EvalCases = z.output<typeof casesSchema>;

export const evalsFolder = () => join(packageRoot(), 'evals');

/** `jobId` is put wherever a case speaks of its job. */
export function readCases(jobId: string): EvalCases {
  const text = readFileSync(join(evalsFolder(), 'cases.json'), 'utf8');
  return casesSchema.parse(JSON.parse(text.replaceAll('{{job_id}}', jobId)));
}

/** Every set of calls that counts as right. */
export function answersOf({ expected, or = [] }: EvalCase): readonly (readonly ExpectedCall[])[] {
  return [expected, ...or];
}
