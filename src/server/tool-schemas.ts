/**
 * A tool as `tools/list` shows it. A host pays for every byte before the first word, so schemas hold what a caller needs:
 * of arguments the names, types, bounds and meaning; of answers the names and types of the top-level fields. Handlers and
 * tests check the full shapes.
 */
import { z } from 'zod';
import type { Tool } from '../mcp/tool.ts';

export function describeTool(tool: Tool) {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: inputSchemaOf(tool),
    outputSchema: outputSchemaOf(tool),
    annotations: annotationsOf(tool),
    // The second spelling is an older one of the extension. Some hosts know only that.
    ...(tool.ui && {
      _meta: { ui: { resourceUri: tool.ui.resourceUri }, 'ui/resourceUri': tool.ui.resourceUri },
    }),
  };
}

/** Two hints mean something only of a tool that changes data, and one of them is false unless said (MCP, `ToolAnnotations`). */
function annotationsOf({ annotations }: Tool): Partial<Tool['annotations']> {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations;
  if (readOnlyHint) return { readOnlyHint, openWorldHint };
  return { readOnlyHint, destructiveHint, ...(idempotentHint && { idempotentHint }), openWorldHint };
}

/** What zod writes of a schema, as far as it is read here. */
const fieldSchema = z.looseObject({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  required: z.array(z.string()).optional(),
  get items() {
    return fieldSchema.optional();
  },
  get properties() {
    return z.record(z.string(), fieldSchema).optional();
  },
});
type Field = z.output<typeof fieldSchema>;

export type DescribedSchema = {
  readonly type: 'object';
  readonly properties: Record<string, object>;
  readonly required?: string[];
};

/**
 * The keywords that OpenAI's strict mode, Gemini's function declarations and Claude all take. What else holds (patterns,
 * lengths, bounds that are excluded) is checked when the call comes; a default is told in words.
 */
function inputSchemaOf({ input }: Tool): DescribedSchema & { readonly additionalProperties: false } {
  const { properties = {}, required = [] } = fieldSchema.parse(
    z.toJSONSchema(input, { target: 'draft-7', io: 'input' }),
  );
  return {
    type: 'object',
    properties: mapFields(properties, (field) => ({ ...argumentSchema(field), ...boundsOf(field) })),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function argumentSchema(field: Field): object {
  const { type, items, properties, required } = field;
  const description = describedDefault(field);
  return {
    type,
    ...(description !== undefined && { description }),
    ...(field.enum && { enum: field.enum }),
    ...(items && { items: argumentSchema(items) }),
    ...(properties && { properties: mapFields(properties, argumentSchema), additionalProperties: false }),
    ...(required && { required }),
  };
}

function boundsOf({ minimum, maximum }: Field): object {
  return { ...(isBound(minimum) && { minimum }), ...(isBound(maximum) && { maximum }) };
}

/** Whole numbers come with the bounds of exact integers, which bound nothing. */
function isBound(value: number | undefined): value is number {
  return value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
}

function describedDefault(field: Field): string | undefined {
  const { description } = field;
  if (field.default === undefined || description === undefined) return description;
  return `${description} Default ${String(field.default)}.`;
}

/** Fields of an answer that its schema names, besides the text. Answers with more hold a model's figures. */
const MOST_FIELDS = 2;

/**
 * The first fields that every answer of the tool has, and its text. Only `text` is required if the call may go on as a job:
 * then the answer is the job's number. A field of several types (an id, a number or null) is left out: some clients take
 * one type per schema alone, and more fields are allowed.
 */
function outputSchemaOf({ output, mayBecomeJob }: Tool): DescribedSchema {
  const { text: _, ...others } = output.shape;
  const fields = Object.entries(others).flatMap(([name, schema]) => {
    const field = fieldSchema.safeParse(z.toJSONSchema(schema, { target: 'draft-7', io: 'output' }));
    const isSure = field.success && field.data.type !== undefined && !schema.safeParse(undefined).success;
    return isSure ? [[name, { type: field.data.type }] as const] : [];
  });
  const named = [...fields.slice(0, MOST_FIELDS), ['text', { type: 'string' }] as const];
  return {
    type: 'object',
    properties: Object.fromEntries(named),
    required: mayBecomeJob ? ['text'] : named.map(([name]) => name),
  };
}

function mapFields(fields: Record<string, Field>, map: (field: Field) => object): Record<string, object> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, map(field)]));
}
