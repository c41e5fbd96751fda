/** The messages of a training job to its submitter: lines of JSON after a mark, among other output. */
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { ChurnMcpError } from '../../../errors.ts';

const MARK = 'churn-mcp ';

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('versions'), ray: z.string(), xgboost: z.string() }),
  z.object({ kind: z.literal('begin'), workers: z.int() }),
  z.object({
    kind: z.literal('round'),
    round: z.int(),
    logloss: z.number().optional(),
    auc: z.number().optional(),
  }),
  z.object({ kind: z.literal('model'), number: z.int(), of: z.int(), data: z.string() }),
  z.object({
    kind: z.literal('trial'),
    number: z.int().nonnegative(),
    validation_log_loss: z.array(z.number()).min(1),
    auc: z.number(),
  }),
  z.object({ kind: z.literal('trial_failed'), number: z.int().nonnegative() }),
  z.object({ kind: z.literal('end'), validation_log_loss: z.array(z.number()) }),
]);
export type JobMessage = z.infer<typeof messageSchema>;

/** Reads a growing log message by message; an unfinished line waits for its end. */
export class JobOutput {
  #read = 0;
  readonly #pieces = new Map<number, string>();
  #of: number | undefined;
  #end: Extract<JobMessage, { kind: 'end' }> | undefined;

  /** The messages of the lines that are new since the last time. */
  take(log: string): JobMessage[] {
    const whole = log.lastIndexOf('\n') + 1;
    const lines = log.slice(this.#read, whole).split('\n');
    this.#read = Math.max(this.#read, whole);
    const messages = lines.flatMap(messageOf);
    for (const message of messages) this.#keep(message);
    return messages;
  }

  /** The model's file and its validation log-loss by round. Throws if the job ended without them. */
  result(): { readonly model: Uint8Array; readonly validationLogLoss: readonly number[] } {
    const pieces = Array.from({ length: this.#of ?? 0 }, (_, number) => this.#pieces.get(number));
    if (this.#end === undefined || this.#of === undefined || pieces.includes(undefined)) {
      throw new ChurnMcpError(
        'RAY_JOB_FAILED',
        'The Ray job ended without giving its model. Nothing was registered.',
        {
          hint: 'Its log in the Ray dashboard has the details; train again.',
        },
      );
    }
    const model = gunzipSync(Buffer.from(pieces.join(''), 'base64'));
    return { model, validationLogLoss: this.#end.validation_log_loss };
  }

  #keep(message: JobMessage): void {
    if (message.kind === 'model') {
      this.#pieces.set(message.number, message.data);
      this.#of = message.of;
    }
    if (message.kind === 'end') this.#end = message;
  }
}

/** Ray writes the worker's name before what a worker prints. */
function messageOf(line: string): JobMessage[] {
  const at = line.indexOf(MARK);
  if (at < 0) return [];
  try {
    const parsed = messageSchema.safeParse(JSON.parse(line.slice(at + MARK.length)));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
