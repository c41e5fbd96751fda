/**
 * The product's service with what the conformance suite asks of a server made for it: content that no tool of ours returns,
 * and resources and prompts by its own names. Each is put before the product's handler, which answers everything else.
 */
import { z } from 'zod';
import { createMcpService, type McpService } from '../../src/server/mcp-service.ts';
import type { RequestContext, RequestHandler, Result } from '../../src/server/request-handlers.ts';
import type { ServiceOptions } from '../../src/server/service-handlers.ts';
import { answersTo } from './fixture-forms.ts';
import { FIXTURE_TOOLS, PNG } from './fixture-tools.ts';

export function createFixtureService(options: ServiceOptions): McpService {
  const service = createMcpService({ ...options, tools: [...options.tools, ...FIXTURE_TOOLS] });
  const own = (method: string): RequestHandler => {
    const handler = service.handlers.get(method);
    if (handler === undefined) throw new Error(`the server has no handler of ${method}`);
    return handler;
  };
  const listing =
    (method: string, list: string, more: readonly object[]): RequestHandler =>
    async (params, context) =>
      withMore(await own(method)(params, context), list, more);
  const answering =
    (
      method: string,
      answer: (params: unknown, context: RequestContext) => Promise<Result | undefined>,
    ): RequestHandler =>
    async (params, context) =>
      (await answer(params, context)) ?? own(method)(params, context);
  const handlers = new Map([
    ...service.handlers,
    ['tools/list', listing('tools/list', 'tools', TOOLS)],
    ['resources/list', listing('resources/list', 'resources', RESOURCES)],
    ['resources/templates/list', listing('resources/templates/list', 'resourceTemplates', TEMPLATES)],
    ['prompts/list', listing('prompts/list', 'prompts', PROMPTS)],
    ['tools/call', answering('tools/call', callFixture)],
    ['resources/read', answering('resources/read', readFixture)],
    ['prompts/get', answering('prompts/get', getFixture)],
  ]);
  return { ...service, handlers };
}

const namedSchema = z.looseObject({
  name: z.string().default(''),
  uri: z.string().default(''),
  arguments: z.record(z.string(), z.string()).catch({}),
});

async function callFixture(params: unknown, context: RequestContext): Promise<Result | undefined> {
  const { name } = namedSchema.parse(params);
  const answers = await answersTo(name, context);
  if (answers !== undefined) return { content: [textOf(answers)] };
  const content = CONTENTS[name];
  return content && { content };
}

/** The suite reads "state-ok" where a state came back, which the server has then checked. */
const textOf = (answers: readonly string[]) => ({ type: 'text', text: `state-ok: ${answers.join(', ')}` });

async function readFixture(params: unknown): Promise<Result | undefined> {
  const { uri } = namedSchema.parse(params);
  const content = contentOf(uri);
  return content && { contents: [{ uri, ...content }] };
}

async function getFixture(params: unknown, context: RequestContext): Promise<Result | undefined> {
  const { name, arguments: args } = namedSchema.parse(params);
  const answers = await answersTo(name, context);
  const contents = answers === undefined ? promptContents(name, args) : [textOf(answers)];
  return contents && { messages: contents.map((content) => ({ role: 'user', content })) };
}

function withMore(result: Result, list: string, more: readonly object[]): Result {
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
          $anchor: 'addressDef',
          type: 'object',
          properties: { street: { type: 'string' }, city: { type: 'string' } },
        },
      },
      properties: {
        name: { type: 'string' },
        address: { $ref: '#/$defs/address' },
        contactMethod: { type: 'string', enum: ['phone', 'email'] },
        phone: { type: 'string' },
        email: { type: 'string' },
      },
      allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
      if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['phone'] },
      else: { required: ['email'] },
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
