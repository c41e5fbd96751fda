/** A tool as `tools/list` shows it. */
import { z } from 'zod';
import { jobTicketSchema } from '../mcp/job.ts';
import type { Tool } from '../mcp/tool.ts';

export function describeTool(tool: Tool) {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: objectSchema(tool.input, 'input'),
    outputSchema: outputSchemaOf(tool),
    annotations: { title: tool.title, ...tool.annotations },
    // The second spelling is the extension's first one. Some hosts know only that.
    ...(tool.ui && {
      _meta: { ui: { resourceUri: tool.ui.resourceUri }, 'ui/resourceUri': tool.ui.resourceUri },
    }),
  };
}

/** A call that takes long is answered with a job: then its output is the job's fields and nothing else. */
function outputSchemaOf(tool: Tool) {
  const schema = objectSchema(tool.output, 'output');
  if (!tool.mayBecomeJob) return schema;
  const { required, properties, ...rest } = outputObjectSchema.parse(schema);
  const job = outputObjectSchema.parse(objectSchema(jobTicketSchema, 'output'));
  return {
    ...rest,
    type: 'object' as const,
    properties: { ...properties, ...job.properties },
    anyOf: [{ required }, { required: job.required }],
  };
}

const outputObjectSchema = z.looseObject({
  required: z.array(z.string()),
  properties: z.record(z.string(), z.looseObject({})),
});

const jsonObjectSchema = z.looseObject({ type: z.literal('object') });

/** Draft 7, which every client's validator knows. Each schema has one type: some clients accept no list of types. */
function objectSchema(schema: z.ZodObject, io: 'input' | 'output') {
  return jsonObjectSchema.parse(withSingleTypes(z.toJSONSchema(schema, { target: 'draft-7', io })));
}

function withSingleTypes(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withSingleTypes);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => {
    const isAnything = key === 'additionalProperties' && isEmpty(value);
    return [key, isAnything ? true : withSingleTypes(value)] as const;
  });
  const { type, description, ...rest } = Object.fromEntries(entries);
  const told = description === undefined ? {} : { description };
  if (!Array.isArray(type)) return { ...(type !== undefined && { type }), ...told, ...rest };
  return { ...told, anyOf: type.map((one) => (one === 'null' ? { type: one } : { type: one, ...rest })) };
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
