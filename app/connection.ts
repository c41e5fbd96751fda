/** How the page reaches the tools: through the host that shows it, or, alone in a browser, over HTTP. */
import {
  App,
  applyDocumentTheme,
  applyHostStyleVariables,
  type McpUiHostContext,
  PostMessageTransport,
} from '@modelcontextprotocol/ext-apps';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { jobSchema } from './answers.ts';

const INFO = { name: 'churn-dashboard', version: '1.0.0' };
/** Seconds that a call for a job waits for its end. */
const JOB_WAIT_S = 15;

type Arguments = Readonly<Record<string, unknown>>;
type RawCall = (name: string, args: Arguments) => Promise<unknown>;

export interface Connection {
  /** A tool's structured content, however long it takes. Throws with the tool's own words where it refuses. */
  call<Schema extends z.ZodType>(name: string, args: Arguments, schema: Schema): Promise<z.output<Schema>>;
}

export async function connect(onTheme: () => void): Promise<Connection> {
  const raw = window.parent === window ? await connectAlone() : await connectToHost(onTheme);
  return { call: async (name, args, schema) => schema.parse(await structuredContentOf(name, args, raw)) };
}

async function structuredContentOf(name: string, args: Arguments, raw: RawCall): Promise<unknown> {
  const content = contentOf(await raw(name, args));
  let job = jobSchema.safeParse(content);
  while (job.success && job.data.status === 'running') {
    job = jobSchema.safeParse(
      contentOf(await raw('get_job', { job_id: job.data.job_id, wait_s: JOB_WAIT_S })),
    );
  }
  if (!job.success) return content;
  if (job.data.status === 'done') return { ...job.data.result, text: job.data.text };
  throw new Error(job.data.text);
}

function contentOf(result: unknown): unknown {
  const { isError, content, structuredContent } = CallToolResultSchema.parse(result);
  if (!isError) return structuredContent;
  throw new Error(content.map((item) => (item.type === 'text' ? item.text : '')).join('\n'));
}

async function connectToHost(onTheme: () => void): Promise<RawCall> {
  const app = new App(INFO, {});
  const follow = ({ theme, styles }: McpUiHostContext) => {
    if (theme) applyDocumentTheme(theme);
    if (styles?.variables) applyHostStyleVariables(styles.variables);
    onTheme();
  };
  app.onhostcontextchanged = follow;
  await app.connect(new PostMessageTransport(window.parent, window.parent));
  const context = app.getHostContext();
  if (context) follow(context);
  return (name, args) => app.callServerTool({ name, arguments: args });
}

const TOKEN_KEY = 'churn-mcp-token';

async function connectAlone(): Promise<RawCall> {
  const token = takeToken();
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const client = new Client(INFO);
  const transport = new StreamableHTTPClientTransport(new URL('/mcp', location.href), {
    requestInit: { headers },
  });
  await client.connect(transport);
  return (name, args) =>
    client.request({ method: 'tools/call', params: { name, arguments: args } }, CallToolResultSchema);
}

const fragmentSchema = z.string().min(1).max(4096);

/** From the address, out of which it goes at once, so that it stays in no history; kept while the tab is open. */
function takeToken(): string | undefined {
  const given = fragmentSchema.safeParse(new URLSearchParams(location.hash.slice(1)).get('token'));
  if (!given.success) return sessionStorage.getItem(TOKEN_KEY) ?? undefined;
  history.replaceState(null, '', location.pathname);
  sessionStorage.setItem(TOKEN_KEY, given.data);
  return given.data;
}
