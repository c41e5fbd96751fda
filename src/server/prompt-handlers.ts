import type { z } from 'zod';
import { PROMPTS, type Prompt } from '../mcp/prompts.ts';
import { quoted } from '../text/quoted.ts';
import { wrongValue } from '../text/wrong-value.ts';
import { RequestError, RPC_CODES } from './request-error.ts';
import { guardedHandler } from './request-handlers.ts';
import { getPromptSchema, noParamsSchema } from './request-schemas.ts';
import type { ServerLog } from './server-log.ts';

export function promptHandlers(log: ServerLog) {
  const list = () => ({ prompts: PROMPTS.map(describePrompt) });
  return {
    'prompts/list': guardedHandler('prompts/list', noParamsSchema, list, log),
    'prompts/get': guardedHandler('prompts/get', getPromptSchema, getPrompt, log),
  };
}

function getPrompt(params: z.output<typeof getPromptSchema>) {
  const prompt = PROMPTS.find(({ name }) => name === params.name);
  if (prompt === undefined) {
    throw invalid(`Unknown prompt. Prompts: ${PROMPTS.map(({ name }) => name).join(', ')}`);
  }
  const text = prompt.text(valuesOf(prompt, params.arguments ?? {}));
  return {
    description: prompt.description,
    messages: [{ role: 'user', content: { type: 'text', text } }],
  };
}

function describePrompt({ name, title, description, arguments: args }: Prompt) {
  return {
    name,
    title,
    description,
    arguments: Object.entries(args).map(([argument, { description: about, schema }]) => ({
      name: argument,
      description: about,
      required: !schema.safeParse(undefined).success,
    })),
  };
}

function valuesOf({ arguments: args }: Prompt, given: Readonly<Record<string, string>>) {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(args, name));
  if (unknown !== undefined) {
    throw invalid(`Unknown argument ${quoted(unknown)}. Arguments: ${Object.keys(args).join(', ')}`);
  }
  const values = Object.entries(args).map(([name, { schema }]) => {
    // Clients send an empty text for a field that was left empty.
    const value = given[name]?.trim() === '' ? undefined : given[name];
    const parsed = schema.safeParse(value, { error: wrongValue });
    if (!parsed.success) throw invalid(`${name} ${parsed.error.issues[0].message}`);
    return [name, parsed.data] as const;
  });
  return Object.fromEntries(values);
}

function invalid(message: string): RequestError {
  return new RequestError(RPC_CODES.params, message);
}
