import { z } from 'zod';
import { didYouMean } from '../did-you-mean.ts';
import { ChurnMcpError } from '../errors.ts';
import type { Tool } from '../mcp/tool.ts';
import { plainText } from '../text/plain-text.ts';
import { quoted } from '../text/quoted.ts';
import { wrongValue } from '../text/wrong-value.ts';
import { describeTool } from './tool-schemas.ts';

const MOST_PROBLEMS = 3;
/** Characters of an argument's path that an error shows. */
const MOST_OF_PATH = 60;

/** @throws INVALID_ARGUMENT, with the first problems and the names that the tool knows */
export function parseArguments(tool: Tool, args: unknown): Record<string, unknown> {
  const parsed = tool.input.safeParse(withoutNulls(args ?? {}), { error: wrongValue });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, MOST_PROBLEMS).map((issue) => describeIssue(tool, issue));
  throw new ChurnMcpError('INVALID_ARGUMENT', problems.join(' '));
}

/** Objects within objects that arguments have: `filter` within the arguments is one deep. */
const MOST_DEPTH = 3;

/** No argument takes null: callers in strict mode give every argument, and null for those that they leave out. */
function withoutNulls(args: unknown, depth = 0): unknown {
  if (typeof args !== 'object' || args === null || Array.isArray(args) || depth > MOST_DEPTH) return args;
  const given = Object.entries(args).filter(([, value]) => value !== null);
  return Object.fromEntries(given.map(([name, value]) => [name, withoutNulls(value, depth + 1)]));
}

function describeIssue(tool: Tool, issue: z.core.$ZodIssue): string {
  const place = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') return describeUnknown(tool, issue.keys, place);
  const name = place === '' ? 'What was given' : plainText(place, MOST_OF_PATH);
  return `${name} ${issue.message}.`;
}

function describeUnknown(tool: Tool, keys: readonly string[], place: string): string {
  const unknown = keys
    .slice(0, MOST_PROBLEMS)
    .map((key) => quoted(key))
    .join(', ');
  if (place !== '') return `Unknown argument ${unknown} in ${place}.`;
  const within = objectsWith(tool, keys[0]);
  if (within !== undefined) {
    return `${quoted(keys[0])} belongs in ${within}: {"${within}": {"${plainText(keys[0], MOST_OF_PATH)}": …}}.`;
  }
  const names = Object.keys(tool.input.shape);
  const known = `${didYouMean(keys[0], names)}Arguments of ${tool.name}: ${names.join(', ')}.`;
  return `Unknown argument ${unknown}. ${known}`;
}

/** The argument that is an object with such a part, such as "filter" for "segment". */
function objectsWith(tool: Tool, part: string): string | undefined {
  const found = Object.entries(describeTool(tool).inputSchema.properties).find(([, field]) => {
    const { properties = {} } = partsSchema.parse(field);
    return Object.hasOwn(properties, part);
  });
  return found?.[0];
}

const partsSchema = z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() });
