/**
 * The product's server with what the conformance suite asks of a server made for it: content that no tool of ours returns,
 * and resources and prompts by its own names. Each is put before the product's handler, which answers everything else.
 */
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { createServer, type ServerOptions } from '../../src/server/create-server.ts';
import { FIXTURE_TOOLS, PNG } from './fixture-tools.ts';

type Extra = Parameters<Parameters<Server['setRequestHandler']>[1]>[1];
type Handler = (request: object, extra: Extra) => Promise<Record<string, unknown>>;

export function createFixtureServer(options: ServerOptions): Server {
  const server = createServer({ ...options, tools: [...options.tools, ...FIXTURE_TOOLS] });
  const listTools = handlerOf(server, 'tools/list');
  const callTool = handlerOf(server, 'tools/call');
  const listResources = handlerOf(server, 'resources/list');
  const readResource = handlerOf(server, 'resources/read');
  const listTemplates = handlerOf(server, 'resources/templates/list');
  const listPrompts = handlerOf(server, 'prompts/list');
  const getPrompt = handlerOf(server, 'prompts/get');

  server.setRequestHandler(ListToolsRequestSchema, async (request, extra) =>
    withMore(await listTools(request, extra), 'tools', TOOLS),
  );
  server.setRequestHandler(CallToolRequestSchema, async (request, extra) => {
    const content = CONTENTS[request.params.name];
    return content ? { content } : callTool(request, extra);
  });
  server.setRequestHandler(ListResourcesRequestSchema, async (request, extra) =>
    withMore(await listResources(request, extra), 'resources', RESOURCES),
  );
  server.setRequestHandler(ListResourceTemplatesRequestSchema, async (request, extra) =>
    withMore(await listTemplates(request, extra), 'resourceTemplates', TEMPLATES),
  );
  server.setRequestHandler(ReadResourceRequestSchema, async (request, extra) => {
    const { uri } = request.params;
    const content = contentOf(uri);
    return content ? { contents: [{ uri, ...content }] } : readResource(request, extra);
  });
  server.setRequestHandler(ListPromptsRequestSchema, async (request, extra) =>
    withMore(await listPrompts(request, extra), 'prompts', PROMPTS),
  );
  server.setRequestHandler(GetPromptRequestSchema, async (request, extra) => {
    const contents = promptContents(request.params.name, request.params.arguments ?? {});
    if (!contents) return getPrompt(request, extra);
    return { messages: contents.map((content) => ({ role: 'user', content })) };
  });
  return server;
}

/** The handler that the product registered. The SDK has no way to ask for it. */
function handlerOf(server: Server, method: string): Handler {
  const handlers: unknown = Reflect.get(server, '_requestHandlers');
  const handler: unknown = handlers instanceof Map ? handlers.get(method) : undefined;
  if (typeof handler !== 'function') throw new Error(`the server has no handler of ${method}`);
  return async (request, extra) => handler(request, extra);
}

function withMore(result: Record<string, unknown>, list: string, more: readonly object[]) {
  const own: unknown = result[list];
  return { ...result, [list]: [...(Array.isArray(own) ? own : []), ...more] };
}

const inputSchema = { type: 'object', properties: {} };
const TOOLS = [
  { name: 'test_audio_content', description: 'Returns audio.', inputSchema },
  { name: 'test_embedded_resource', description: 'Returns a resource.', inputSchema },
  { name: 'test_multiple_content_types', description: 'Returns all kinds of content.', inputSchema },
  {
    name: 'json_schema_2020_12_tool',
    description: 'Has a schema of the 2020-12 draft.',
    inputSchema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: {
        address: {
          type: 'object',
          properties: { street: { type: 'string' }, city: { type: 'string' } },
        },
      },
      properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
      additionalProperties: false,
    },
  },
];

/** A sound of no length. */
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

const CONTENTS: Readonly<Record<string, object[]>> = {
  test_audio_content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }],
  test_embedded_resource: [
    {
      type: 'resource',
      resource: {
        uri: 'test://embedded-resource',
        mimeType: 'text/plain',
        text: 'This is an embedded resource content.',
      },
    },
  ],
  test_multiple_content_types: [
    { type: 'text', text: 'Multiple content types test:' },
    { type: 'image', data: PNG, mimeType: 'image/png' },
    {
      type: 'resource',
      resource: {
        uri: 'test://mixed-content-resource',
        mimeType: 'application/json',
        text: '{"test":"data","value":123}',
      },
    },
  ],
};

const RESOURCES = [
  { uri: 'test://static-text', name: 'static-text', description: 'Text.', mimeType: 'text/plain' },
  { uri: 'test://static-binary', name: 'static-binary', description: 'Bytes.', mimeType: 'image/png' },
];
const TEMPLATES = [
  {
    uriTemplate: 'test://template/{id}/data',
    name: 'template',
    description: 'By id.',
    mimeType: 'application/json',
  },
];

function contentOf(uri: string) {
  if (uri === 'test://static-text') {
    return { mimeType: 'text/plain', text: 'This is the content of the static text resource.' };
  }
  if (uri === 'test://static-binary') return { mimeType: 'image/png', blob: PNG };
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.at(1);
  if (id === undefined) return undefined;
  const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
  return { mimeType: 'application/json', text };
}

const PROMPTS = [
  { name: 'test_simple_prompt', description: 'Text.' },
  {
    name: 'test_prompt_with_arguments',
    description: 'Text with arguments.',
    arguments: [
      { name: 'arg1', description: 'First.', required: true },
      { name: 'arg2', description: 'Second.', required: true },
    ],
  },
  {
    name: 'test_prompt_with_embedded_resource',
    description: 'A resource.',
    arguments: [{ name: 'resourceUri', description: 'Which.', required: true }],
  },
  { name: 'test_prompt_with_image', description: 'An image.' },
];

function promptContents(name: string, args: Readonly<Record<string, string>>): object[] | undefined {
  switch (name) {
    case 'test_simple_prompt':
      return [{ type: 'text', text: 'This is a simple prompt for testing.' }];
    case 'test_prompt_with_arguments':
      return [{ type: 'text', text: `Prompt with arguments: arg1='${args.arg1}', arg2='${args.arg2}'` }];
    case 'test_prompt_with_embedded_resource':
      return [
        {
          type: 'resource',
          resource: {
            uri: args.resourceUri,
            mimeType: 'text/plain',
            text: 'Embedded resource content for testing.',
          },
        },
        { type: 'text', text: 'Please process the embedded resource above.' },
      ];
    case 'test_prompt_with_image':
      return [
        { type: 'image', data: PNG, mimeType: 'image/png' },
        { type: 'text', text: 'Please analyze the image above.' },
      ];
    default:
      return undefined;
  }
}
