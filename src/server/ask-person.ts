/** A question to the person at the client, by the protocol's elicitation: the same form in every revision. */
import { z } from 'zod';
import type { Answer } from '../mcp/tool-context.ts';

/** What the client is asked for. */
export function questionForm(question: string) {
  return {
    message: question,
    requestedSchema: {
      type: 'object' as const,
      properties: { confirm: { type: 'boolean' as const, title: 'Yes, do it' } },
      required: ['confirm'],
    },
  };
}

const yesSchema = z.looseObject({
  action: z.literal('accept'),
  content: z.looseObject({ confirm: z.literal(true) }),
});

/** Anything but a clear yes is a no. */
export function answerIn(response: unknown): Answer {
  return yesSchema.safeParse(response).success ? 'yes' : 'no';
}

const askingSchema = z.looseObject({
  elicitation: z.looseObject({ form: z.unknown().optional(), url: z.unknown().optional() }),
});

/** Whether a client with these capabilities can show a form. One that names no mode shows forms. */
export function canAsk(capabilities: unknown): boolean {
  const { success, data } = askingSchema.safeParse(capabilities);
  return success && (data.elicitation.form !== undefined || data.elicitation.url === undefined);
}
