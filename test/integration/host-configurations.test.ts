import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readConfig } from '../../src/config.ts';
import { packageRoot } from '../../src/package-root.ts';
import { TOOLS } from '../../tools/index.ts';

const root = packageRoot();
const textOf = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const project = z
  .object({
    name: z.string(),
    version: z.string(),
    mcpName: z.string(),
    bin: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(textOf('package.json')));

const FROM_CHECKOUT = { command: 'node', args: ['/absolute/path/to/churn-mcp/dist/cli.js'] };
const FROM_NPM = { command: 'npx', args: ['-y', project.name] };

const stdioSchema = z.strictObject({
  type: z.literal('stdio').optional(),
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()).optional(),
  timeout: z.int().positive().optional(),
});
const httpSchema = z.strictObject({
  type: z.literal('http'),
  url: z.url(),
  headers: z.record(z.string(), z.string()),
});
const serversSchema = z.record(z.string(), z.union([stdioSchema, httpSchema]));
/** What clients read: all but VS Code under `mcpServers`, VS Code under `servers` and with a type. */
const blockSchema = z.union([
  z.strictObject({ mcpServers: serversSchema }),
  z.strictObject({ servers: z.record(z.string(), stdioSchema.required({ type: true })) }),
  stdioSchema,
]);

type Server = z.infer<typeof stdioSchema> | z.infer<typeof httpSchema>;

function serversIn(document: string): Server[] {
  return [...document.matchAll(/```json\n(.*?)```/gs)].flatMap(([, json]) => {
    const block = blockSchema.parse(JSON.parse(json));
    if ('command' in block) return [block];
    const servers = 'servers' in block ? block.servers : block.mcpServers;
    expect(Object.keys(servers)).toEqual([project.name]);
    return Object.values(servers);
  });
}

const documents = ['README.md', join('docs', 'hosts.md')];

describe('the configurations for clients that the documents show', () => {
  it.each(documents)('start the same command in %s, with known variables', (document) => {
    const servers = serversIn(textOf(document)).filter((server) => 'command' in server);
    expect(servers.length).toBeGreaterThan(1);
    for (const { command, args, env } of servers) {
      expect([FROM_CHECKOUT, FROM_NPM]).toContainEqual({ command, args });
      expect(() => readConfig({}, env ?? {})).not.toThrow();
    }
    const [script] = FROM_CHECKOUT.args;
    for (const [, words] of textOf(document).matchAll(/claude mcp add (.*?)[`\n]/g)) {
      expect(words).toBe(`${project.name} -- node ${script}`);
    }
  });

  it('name existing files, and a command that a client can start', async () => {
    const script = FROM_CHECKOUT.args[0].replace('/absolute/path/to/churn-mcp', root);
    expect(script).toBe(join(root, project.bin[project.name]).replaceAll('\\', '/'));
    const client = new Client({ name: 'test', version: '0' });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [script],
        env: { CHURN_MCP_HOME: process.env.CHURN_MCP_HOME ?? '' },
        stderr: 'ignore',
      }),
    );
    expect((await client.listTools()).tools).toHaveLength(TOOLS.length);
    await client.close();
    const links = documents.flatMap((document) =>
      [...textOf(document).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link]) =>
        join(document, '..', link),
      ),
    );
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  it('show the address that the container serves', () => {
    const http = documents.flatMap((document) =>
      serversIn(textOf(document)).filter((server) => 'url' in server),
    );
    expect(http.length).toBeGreaterThan(0);
    const [, port] = /CHURN_MCP_HTTP_PORT=(\d+)/.exec(textOf('Dockerfile')) ?? [];
    for (const { url } of http) expect(url).toBe(`http://127.0.0.1:${port}/mcp`);
  });
});

/** The parts of the registry's schema that our entry uses; unknown keys are refused. */
const argumentSchema = z.strictObject({
  type: z.literal('positional'),
  value: z.string(),
  description: z.string().optional(),
});
const variableSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  format: z.enum(['string', 'number', 'boolean', 'filepath']).optional(),
  choices: z.array(z.string()).optional(),
  default: z.string().optional(),
});
const exactVersion = z.string().regex(/^\d+\.\d+\.\d+$/);
const entrySchema = z.strictObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z
    .string()
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/)
    .max(200),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  version: exactVersion,
  websiteUrl: z.url(),
  repository: z.strictObject({ url: z.url(), source: z.literal('github') }),
  icons: z.array(
    z.strictObject({
      src: z.url().startsWith('https://').max(255),
      mimeType: z.enum(['image/png', 'image/jpeg', 'image/jpg', 'image/svg+xml', 'image/webp']),
      sizes: z.array(z.string().regex(/^\d+x\d+$|^any$/)),
    }),
  ),
  packages: z
    .array(
      z.strictObject({
        registryType: z.literal('npm'),
        registryBaseUrl: z.literal('https://registry.npmjs.org'),
        identifier: z.string(),
        version: exactVersion,
        runtimeHint: z.literal('npx'),
        runtimeArguments: z.array(argumentSchema),
        transport: z.strictObject({ type: z.literal('stdio') }),
        environmentVariables: z.array(variableSchema),
      }),
    )
    .length(1),
});

describe('server.json', () => {
  const entry = entrySchema.parse(JSON.parse(textOf('server.json')));
  const [npm] = entry.packages;

  it('describes this package and version', () => {
    expect(entry).toMatchObject({ name: project.mcpName, version: project.version });
    expect(npm).toMatchObject({ identifier: project.name, version: project.version });
  });

  it('starts the same command as the documents, with known variables', () => {
    const args = [...npm.runtimeArguments.map(({ value }) => value), npm.identifier];
    expect({ command: npm.runtimeHint, args }).toEqual(FROM_NPM);
    const values = npm.environmentVariables.map((variable) => [
      variable.name,
      variable.default ?? (variable.format === 'number' ? '2' : '/data'),
    ]);
    expect(() => readConfig({}, Object.fromEntries(values))).not.toThrow();
  });
});
