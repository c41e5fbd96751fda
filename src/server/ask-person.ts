/** Questions to the person at the client, by the protocol's elicitation: the same form in every revision. */
import { z } from 'zod';
import type { Answer } from '../mcp/tool-context.ts';

/** What the client shows. */
export interface Form {
  /** The name of its answer. */
  readonly name: string;
  readonly message: string;
  readonly requestedSchema: {
    readonly type: 'object';
    readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly required?: readonly string[];
  };
}

/** What became of a form. The client's response is as it came: nothing has checked it. */
export type Asked =
  | { readonly kind: 'answered'; readonly response: unknown }
  /** The client cannot show forms. */
  | { readonly kind: 'not asked' }
  /** The person cancelled the call, the client went away, or the answer comes with another request. */
  | { readonly kind: 'unanswered' };

/** Asks for a yes. */
export function confirmation(question: string): Form {
  return {
    name: 'confirm',
    message: question,
    requestedSchema: {
      type: 'object',
      properties: { confirm: { type: 'boolean', title: 'Yes, do it' } },
      required: ['confirm'],
    },
  };
}

const yesSchema = z.looseObject({
  action: z.literal('accept'),
  content: z.looseObject({ confirm: z.literal(true) }),
});

/** Anything but a clear yes is a no. */
export function answerIn(asked: Asked): Answer {
  if (asked.kind === 'not asked') return 'not asked';
  return asked.kind === 'answered' && yesSchema.safeParse(asked.response).success ? 'yes' : 'no';
}

const askingSchema = z.looseObject({
  elicitation: z.looseObject({ form: z.unknown().optional(), url: z.unknown().optional() }),
});

/** Whether a client with these capabilities can show a form. One that names no mode shows forms. */
export function canAsk(capabilities: unknown): boolean {
  const { success, data } = askingSchema.safeParse(capabilities);
  return success && (data.elicitation.form !== undefined || data.elicitation.url === undefined);
}
