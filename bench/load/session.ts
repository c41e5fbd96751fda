import { z } from 'zod';

const answerSchema = z.object({
  id: z.unknown(),
  error: z.object({ message: z.string() }).optional(),
  result: z
    .looseObject({
      isError: z.boolean().optional(),
      content: z.array(z.looseObject({ text: z.string().optional() })).optional(),
      structuredContent: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
});

export interface Answer {
  readonly ms: number;
  /** What was wrong; undefined if nothing was. */
  readonly problem: string | undefined;
  readonly content: Readonly<Record<string, unknown>>;
}

const INITIALIZE = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'load', version: '0' },
};

/** A session over HTTP in bytes, without a client's library: what it costs is the server's alone. */
export class Session {
  readonly #url: URL;
  readonly #headers: Record<string, string>;
  #id = 0;

  private constructor(url: URL, headers: Record<string, string>) {
    this.#url = url;
    this.#headers = headers;
  }

  /** @returns the status of a refusal instead */
  static async open(server: URL, token: string): Promise<Session | number> {
    const headers = {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    };
    const session = new Session(new URL('/mcp', server), headers);
    const response = await session.post('initialize', INITIALIZE);
    await response.text();
    const id = response.headers.get('mcp-session-id');
    if (id === null) return response.status;
    session.#headers['Mcp-Session-Id'] = id;
    return session;
  }

  get headers(): Readonly<Record<string, string>> {
    return this.#headers;
  }

  post(method: string, params: object): Promise<Response> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: ++this.#id, method, params });
    return fetch(this.#url, { method: 'POST', headers: this.#headers, body });
  }

  async call(name: string, args: object): Promise<Answer> {
    const started = performance.now();
    try {
      const response = await this.post('tools/call', { name, arguments: args });
      const text = await response.text();
      const ms = performance.now() - started;
      if (response.status !== 200) return { ms, problem: `${response.status} ${text}`, content: {} };
      const { error, result } = lastMessage(text);
      const problem = error?.message ?? (result?.isError ? result.content?.[0]?.text : undefined);
      return { ms, problem, content: result?.structuredContent ?? {} };
    } catch (error) {
      return { ms: performance.now() - started, problem: String(error), content: {} };
    }
  }

  /** Ends it as the protocol asks. */
  async end(): Promise<void> {
    const response = await fetch(this.#url, { method: 'DELETE', headers: this.#headers });
    await response.text();
  }
}

/** The answer comes last in a stream, after reports of progress. */
function lastMessage(text: string) {
  const line = text
    .split('\n')
    .findLast((each) => each.startsWith('data: '))
    ?.slice('data: '.length);
  return answerSchema.parse(JSON.parse(line ?? text));
}
