/** Models that can be asked: Anthropic's Messages API, and every API that speaks OpenAI's chat completions. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { ToolCall } from './scorer.ts';

export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export interface Turn {
  readonly system: string;
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
  readonly tools: readonly ToolDescription[];
}

export interface Answer {
  readonly calls: readonly ToolCall[];
  readonly text: string;
}

export interface Provider {
  readonly name: string;
  /** The model's next turn: its calls are not made. */
  ask(model: string, turn: Turn): Promise<Answer>;
}

export interface ProviderKey {
  readonly key: string | undefined;
  readonly baseUrl: string;
}

const MOST_TOKENS = 4096;
const MOST_ATTEMPTS = 5;
const TIMEOUT_MS = 120_000;

const argumentsSchema = z.record(z.string(), z.unknown());

const anthropicAnswerSchema = z.looseObject({
  content: z.array(
    z.looseObject({
      type: z.string(),
      text: z.string().optional(),
      name: z.string().optional(),
      input: argumentsSchema.optional(),
    }),
  ),
});

export function anthropic({ key, baseUrl }: ProviderKey): Provider {
  return {
    name: 'anthropic',
    async ask(model, { system, messages, tools }) {
      const body = {
        model,
        max_tokens: MOST_TOKENS,
        system,
        messages: messages.map(({ role, text }) => ({ role, content: text })),
        tools: tools.map(({ name, description, inputSchema }) => ({
          name,
          description,
          input_schema: inputSchema,
        })),
      };
      const headers = { 'anthropic-version': '2023-06-01', ...(key !== undefined && { 'x-api-key': key }) };
      const { content } = anthropicAnswerSchema.parse(await post(`${baseUrl}/v1/messages`, headers, body));
      return {
        calls: content.flatMap(({ type, name, input }) =>
          type === 'tool_use' && name !== undefined ? [{ tool: name, arguments: input ?? {} }] : [],
        ),
        text: content.flatMap(({ type, text }) => (type === 'text' && text ? [text] : [])).join('\n'),
      };
    },
  };
}

const openaiAnswerSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        message: z.looseObject({
          content: z.string().nullish(),
          tool_calls: z
            .array(z.looseObject({ function: z.looseObject({ name: z.string(), arguments: z.string() }) }))
            .nullish(),
        }),
      }),
    )
    .min(1),
});

export function openai({ key, baseUrl }: ProviderKey): Provider {
  return {
    name: 'openai',
    async ask(model, { system, messages, tools }) {
      const body = {
        model,
        messages: [
          { role: 'system', content: system },
          ...messages.map(({ role, text }) => ({ role, content: text })),
        ],
        tools: tools.map(({ name, description, inputSchema }) => ({
          type: 'function',
          function: { name, description, parameters: inputSchema },
        })),
      };
      const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
      const answer = openaiAnswerSchema.parse(await post(`${baseUrl}/chat/completions`, headers, body));
      const { content, tool_calls } = answer.choices[0].message;
      return {
        calls: (tool_calls ?? []).map(({ function: { name, arguments: text } }) => ({
          tool: name,
          arguments: argumentsOf(text),
        })),
        text: content ?? '',
      };
    },
  };
}

/** Models write the arguments as text; text that is no JSON object is a wrong answer, not a failure of the run. */
function argumentsOf(text: string): Record<string, unknown> {
  try {
    return argumentsSchema.parse(JSON.parse(text === '' ? '{}' : text));
  } catch {
    return { not_json: text };
  }
}

async function post(url: string, headers: Record<string, string>, body: object): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) return response.json();
    const isBusy = response.status === 429 || response.status >= 500;
    if (!isBusy || attempt === MOST_ATTEMPTS) {
      throw new Error(
        `The model's API answered ${response.status}: ${(await response.text()).slice(0, 500)}`,
      );
    }
    const seconds = Number(response.headers.get('retry-after') ?? 2 ** attempt);
    await wait(1000 * (Number.isFinite(seconds) ? seconds : 2 ** attempt));
  }
}
