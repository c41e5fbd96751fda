/** The arguments of `call`: a JSON object, or `name=value` words as a person types them. */
import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { z } from 'zod';
import { ChurnMcpError, throwIfAborted } from '../errors.ts';
import type { Tool } from '../mcp/tool.ts';
import { describeTool } from '../server/tool-schemas.ts';
import { quoted } from '../text/quoted.ts';
import type { CommandEnvironment } from './command-context.ts';

const argumentsSchema = z.record(z.string(), z.unknown());

/** What `tools/list` says of an argument. */
const fieldSchema = z.looseObject({
  type: z.string().optional(),
  get items() {
    return fieldSchema.optional();
  },
  get properties() {
    return z.record(z.string(), fieldSchema).optional();
  },
});
type Field = z.output<typeof fieldSchema>;

/**
 * `{"json": "text"}`, `@file`, `-` for standard input, or any number of `name=value`: `filter.segment=LAPSED` for a field of
 * an object, `customer_ids=7,8` for a list.
 *
 * @param tool undefined if there is none of the name that was given: the call then says so
 * @throws USAGE
 */
export async function parseCallArguments(
  given: readonly string[],
  tool: Tool | undefined,
  environment: CommandEnvironment,
): Promise<Record<string, unknown>> {
  const [first, ...more] = given.filter((word) => word.trim() !== '');
  if (first === undefined) return {};
  const isWord = /^[a-z_][\w.]*=/i.test(first);
  if (isWord) return parseCallWords([first, ...more], tool);
  if (more.length > 0) throw notUnderstood();
  return parseJson(await readGiven(first, environment));
}

/**
 * `name=value` words as arguments of a tool.
 *
 * @throws USAGE
 */
export function parseCallWords(words: readonly string[], tool: Tool | undefined): Record<string, unknown> {
  const schema = tool === undefined ? undefined : fieldSchema.parse(describeTool(tool).inputSchema);
  const args: Record<string, unknown> = {};
  for (const word of words) {
    const [, path, text] = /^([a-z_][\w.]*)=(.*)$/is.exec(word) ?? [];
    if (path === undefined || text === undefined) throw notUnderstood();
    const [name, ...inner] = path.split('.');
    const field = schema?.properties?.[name];
    if (inner.length === 0) args[name] = joined(args[name], typed(text, field));
    else {
      const part = inner.join('.');
      const known = argumentsSchema.safeParse(args[name]);
      const object = known.success ? known.data : {};
      args[name] = { ...object, [part]: joined(object[part], typed(text, field?.properties?.[part])) };
    }
  }
  return args;
}

/** A list that is named twice holds the values of both. */
function joined(before: unknown, value: unknown): unknown {
  return Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
}

/** The text as the type that the argument has; as it is if it is none of that type, so that the tool says what is wrong. */
function typed(text: string, field: Field | undefined): unknown {
  switch (field?.type) {
    case 'integer':
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'array':
      if (text.startsWith('[')) return jsonOr(text);
      return text.split(',').map((part) => typed(part.trim(), field.items));
    case 'object':
      return jsonOr(text);
    default:
      return text;
  }
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function parseJson(text: string): Record<string, unknown> {
  const parsed = argumentsSchema.safeParse(jsonOr(text));
  if (!parsed.success) throw notUnderstood();
  return parsed.data;
}

async function readGiven(given: string, { stdin, signal }: CommandEnvironment): Promise<string> {
  if (given === '-') {
    const stop = () => stdin.destroy();
    signal.addEventListener('abort', stop, { once: true });
    const text = await textOf(stdin).catch(() => '');
    signal.removeEventListener('abort', stop);
    throwIfAborted(signal);
    return text;
  }
  if (!given.startsWith('@')) return given;
  try {
    return await readFile(given.slice(1), 'utf8');
  } catch (cause) {
    throw new ChurnMcpError('USAGE', `The file ${quoted(given.slice(1), 200)} cannot be read.`, {
      hint: 'Write @FILE, the name of a file that holds the arguments as a JSON object. Check that the file exists and can be read.',
      cause,
    });
  }
}

function notUnderstood(): ChurnMcpError {
  return new ChurnMcpError('USAGE', 'The arguments are not a JSON object.', {
    hint: `Put them in single quotes, with double quotes inside: churn-mcp call get_at_risk_customers '{"limit": 5}'. Or write name=value: churn-mcp call get_at_risk_customers limit=5`,
  });
}
