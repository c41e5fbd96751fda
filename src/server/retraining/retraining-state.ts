/** When models were last trained again in the background, and how it went: `retraining.json` in the home folder. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../../files/durable-files.ts';
import { openSealedJson, sealedJson } from '../../files/sealed-json.ts';
import { registeredModelSchema } from '../../registry/model-card.ts';

export const RETRAINING_OUTCOMES = ['promoted', 'champion stays', 'unchanged', 'failed'] as const;

const retrainedSchema = z.strictObject({
  model: registeredModelSchema,
  outcome: z.enum(RETRAINING_OUTCOMES),
  version: z.string().optional(),
  /** If it failed: the code of the error, and its text. */
  code: z.string().optional(),
  reason: z.string().optional(),
});
/** How the training of one model went. */
export type Retrained = z.infer<typeof retrainedSchema>;

const stateSchema = z.object({
  format: z.literal(1),
  started_at: z.iso.datetime(),
  /** Null while it runs, and after a kill. */
  ended_at: z.iso.datetime().nullable(),
  /** Rounds in a row that failed; one that runs counts until it has ended well, so a kill is a failure too. */
  failures: z.int().nonnegative(),
  models: z.array(retrainedSchema),
});
export type RetrainingState = z.infer<typeof stateSchema>;

const FILE = 'retraining.json';

/** Held while a process trains models again in the background. */
export function retrainingLock(home: string): string {
  return join(home, 'retraining.lock');
}

/** Undefined if nothing was retrained yet. A damaged file is none: it only says when to train next. */
export async function readRetraining(home: string): Promise<RetrainingState | undefined> {
  try {
    return openSealedJson(await readFile(join(home, FILE), 'utf8'), stateSchema);
  } catch {
    return undefined;
  }
}

/** @param state undefined removes what was written */
export async function writeRetraining(home: string, state: RetrainingState | undefined): Promise<void> {
  const file = join(home, FILE);
  if (state === undefined) await rm(file, { force: true });
  else await replaceFile(file, sealedJson(state));
}
