/** What can be called, and with which arguments: for people at a terminal. */
import { z } from 'zod';
import { TOOLS } from '../../tools/index.ts';
import type { Tool } from '../mcp/tool.ts';
import { describeTool } from '../server/tool-schemas.ts';
import type { CommandEnvironment } from './command-context.ts';
import { parseName } from './flag-values.ts';

/** Lists the tools, or the arguments of one. With --json as `tools/list` has them. */
export function runTools(
  name: string | undefined,
  { json = false }: { readonly json?: boolean },
  { stdout }: CommandEnvironment,
): number {
  const chosen = name === undefined ? TOOLS : [toolNamed(name)];
  if (json) stdout.write(`${JSON.stringify(chosen.map(describeTool), null, 2)}\n`);
  else if (name === undefined) stdout.write(`${TOOLS.map(lineOf).join('\n')}\n\n${MORE}\n`);
  else stdout.write(`${toolHelp(toolNamed(name))}\n`);
  return 0;
}

const MORE = 'churn-mcp call TOOL --help shows the arguments of a tool.';

function toolNamed(name: string): Tool {
  const found = parseName(
    'tool',
    name,
    TOOLS.map((tool) => tool.name),
  );
  return TOOLS.filter((tool) => tool.name === found)[0];
}

function lineOf({ name, title }: Tool): string {
  return `${name.padEnd(Math.max(...TOOLS.map((tool) => tool.name.length)))}  ${title}`;
}

const fieldSchema = z.looseObject({
  type: z.string(),
  description: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), fieldSchema).optional();
  },
});
type Field = z.output<typeof fieldSchema>;

/** The arguments of a tool, as a command's help shows flags. */
function toolHelp(tool: Tool): string {
  const { properties = {}, required = [] } = fieldSchema.parse(describeTool(tool).inputSchema);
  const fields = Object.entries(properties);
  return [
    `Usage: churn-mcp call ${tool.name} [name=value…]`,
    '',
    tool.description,
    '',
    ...(fields.length === 0 ? ['It takes no arguments.'] : ['Arguments:']),
    ...fields.flatMap(([name, field]) => fieldLines(name, field, required.includes(name))),
  ].join('\n');
}

function fieldLines(name: string, field: Field, isRequired = false): string[] {
  const facts = [typeText(field), ...(isRequired ? ['required'] : [])].join(', ');
  const inner = Object.entries(field.properties ?? {});
  return [
    `  ${name} (${facts})`,
    ...(field.description === undefined ? [] : [`      ${field.description}`]),
    ...inner.flatMap(([part, each]) => fieldLines(`${name}.${part}`, each, field.required?.includes(part))),
  ];
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  array: 'list, separated by commas',
  object: 'each part as below, or JSON',
};

function typeText({ type, enum: values, minimum, maximum }: Field): string {
  if (values !== undefined) return values.join(', ');
  const known = TYPES[type] ?? type;
  if (minimum !== undefined && maximum !== undefined) return `${known} from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `${known}, ${minimum} or more`;
  return maximum === undefined ? known : `${known}, ${maximum} at most`;
}
