/**
 * What hosts do with the schemas of `tools/list` before a model sees them, by their published rules:
 *
 * - OpenAI, strict function calling (platform.openai.com/docs/guides/structured-outputs, "Supported schemas"): the root is
 *   an object without `anyOf`; every object is closed (`additionalProperties: false`) and requires all of its properties;
 *   one that may be left out takes null instead; at most 10 levels; no `default`, no composition (`allOf`, `not`,
 *   `if`), no `minLength` and `maxLength`. Hosts close and require by themselves; what they cannot is asked here.
 * - Gemini, function declarations (ai.google.dev/api/caching#Schema): every schema has one `type`; `enum` holds texts;
 *   `required` names properties; keywords are those of its `Schema` object, which has no `exclusiveMinimum`, `const`,
 *   `$ref` or `oneOf`. Hosts take `additionalProperties` away.
 * - Claude, tool use (docs.claude.com, "How to implement tool use"): names match `^[a-zA-Z0-9_-]{1,64}$`, names of
 *   properties `^[a-zA-Z0-9_.-]{1,64}$`; the input schema is an object without `anyOf`, `oneOf` or `allOf` at its root.
 */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeTool } from '../../src/server/tool-schemas.ts';
import { getAtRiskCustomers } from '../../tools/get-at-risk-customers.ts';
import { TOOLS } from '../../tools/index.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';

/** Bytes of `tools/list` that all tools together may take. */
const MOST_BYTES = 30_000;

const COMMON_KEYWORDS = [
  'type',
  'description',
  'enum',
  'minimum',
  'maximum',
  'items',
  'properties',
  'required',
  'additionalProperties',
];

const nodeSchema = z.looseObject({
  type: z.enum(['object', 'array', 'string', 'number', 'integer', 'boolean']),
  enum: z.array(z.string()).min(1).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.literal(false).optional(),
  get items() {
    return nodeSchema.optional();
  },
  get properties() {
    return z.record(z.string().regex(/^[a-zA-Z0-9_.-]{1,64}$/), nodeSchema).optional();
  },
});
type Node = z.output<typeof nodeSchema>;

/** Every schema within a schema, itself included, with its depth. */
function nodesOf(node: Node, depth = 1): { node: Node; depth: number }[] {
  const inner = [...Object.values(node.properties ?? {}), ...(node.items ? [node.items] : [])];
  return [{ node, depth }, ...inner.flatMap((each) => nodesOf(each, depth + 1))];
}

const described = TOOLS.map(describeTool);
const byName = described.map((tool) => [tool.name, tool] as const);

describe('tools/list', () => {
  it('costs a host at most 30 kB, as a client receives it', async () => {
    const client = await connectClient(fakeServices());
    const { tools } = await client.listTools();
    await client.close();
    expect(Buffer.byteLength(JSON.stringify(tools))).toBeLessThanOrEqual(MOST_BYTES);
  });

  it.each(byName)('%s takes arguments by a schema that every model accepts', (name, { inputSchema }) => {
    expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    const nodes = nodesOf(nodeSchema.parse(inputSchema));
    for (const { node, depth } of nodes) {
      expect(Object.keys(node).filter((keyword) => !COMMON_KEYWORDS.includes(keyword))).toEqual([]);
      expect(depth).toBeLessThanOrEqual(10);
      if (node.type === 'array') expect(node.items).toBeDefined();
      // A free-form object cannot be closed.
      if (node.type === 'object') expect(node).toMatchObject({ additionalProperties: false });
      if (node.type === 'object') expect(node.properties).toBeDefined();
      expect(Object.keys(node.properties ?? {})).toEqual(expect.arrayContaining(node.required ?? []));
    }
    expect(nodes.length).toBeLessThanOrEqual(100);
  });

  it.each(byName)('%s promises an answer by a schema of single types', (_, { outputSchema }) => {
    const { properties = {}, required } = nodeSchema.parse(outputSchema);
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(required ?? []));
    expect(required).toContain('text');
    expect(properties.text).toEqual({ type: 'string' });
  });

  it.each(TOOLS.map((tool) => [tool.name, tool] as const))(
    '%s reads null for an optional argument as if it were left out',
    async (name, tool) => {
      const { inputSchema } = describeTool(tool);
      const optional = Object.keys(inputSchema.properties).filter(
        (argument) => !inputSchema.required?.includes(argument),
      );
      const nulls = Object.fromEntries(optional.map((argument) => [argument, null]));
      const required = inputSchema.required ?? [];
      const client = await connectClient(fakeServices());
      // Nothing is stubbed: a call whose arguments are right fails later, and one without what it requires names that.
      const { text } = await callText(client, name, nulls);
      await client.close();
      for (const argument of optional) expect(text).not.toMatch(new RegExp(`\\b${argument} is `));
      for (const argument of required) expect(text).toContain(`${argument} is `);
    },
  );
});

describe('a described tool', () => {
  it('says the default of an argument in its description', () => {
    const schema = nodeSchema.parse(describeTool(getAtRiskCustomers).inputSchema);
    expect(schema.properties?.limit).toEqual({
      type: 'integer',
      description: expect.stringMatching(/ Default 10\.$/),
      minimum: 1,
      maximum: 1000,
    });
  });
});
