/**
 * The server for clients whose every request names its revision (2026-07-28): nothing lasts beyond a request but handles.
 * Over SDK 2.x, which gives the requests to the handlers as they came.
 */
import { CLIENT_CAPABILITIES_META_KEY, Server, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { sha256Of } from '../files/checksum.ts';
import type { Answer } from '../mcp/tool-context.ts';
import { answerIn, canAsk, questionForm } from './ask-person.ts';
import type { Caller } from './job-board.ts';
import type { McpService } from './mcp-service.ts';
import type { Result } from './request-handlers.ts';

/** What a client may keep, and for how long: what is the same for all callers until the server is another version. */
const SAME_FOR_ALL = { ttlMs: 3_600_000, cacheScope: 'public' } as const;
const LISTS_FOR_ALL: readonly string[] = ['tools/list', 'prompts/list', 'resources/templates/list'];

export function createStatelessServer(
  service: McpService,
  caller: Caller,
  scopes?: readonly string[] | undefined,
): Server {
  const { info, capabilities, instructions, handlers } = service;
  const server = new PlainSpokenServer(info, {
    capabilities,
    instructions,
    cacheHints: { 'server/discover': SAME_FOR_ALL },
  });
  for (const [method, handler] of handlers) {
    server.setRequestHandler(method, { params: z.looseObject({}) }, async (params, context) => {
      const question = new Question(context);
      const result = await handler(params, {
        caller,
        scopes,
        signal: context.mcpReq.signal,
        notify: (notification) => context.mcpReq.notify(notification),
        ask: (text) => question.ask(text),
      });
      const hint = LISTS_FOR_ALL.includes(method) ? SAME_FOR_ALL : {};
      return { ...hint, ...(question.result() ?? result) };
    });
  }
  return server;
}

/** The SDK's server. It leaves requests and results to our handlers, which check both. */
class PlainSpokenServer extends Server {
  protected override _wrapHandler(...[method, handler]: Parameters<Server['_wrapHandler']>) {
    return method === 'tools/call' ? handler : super._wrapHandler(method, handler);
  }
}

/**
 * A question in the middle of a request is its answer: `input_required`. The client asks its person and sends the request
 * again, with what the person said. Until then the answer is no, so the call ends and has done nothing.
 */
class Question {
  readonly #context: ServerContext;
  #asked: string | undefined;

  constructor(context: ServerContext) {
    this.#context = context;
  }

  async ask(text: string): Promise<Answer> {
    const { inputResponses } = this.#context.mcpReq;
    const envelope: Readonly<Record<string, unknown>> = this.#context.mcpReq.envelope ?? {};
    const response: unknown = inputResponses?.[nameOf(text)];
    if (response !== undefined) return answerIn(response);
    if (!canAsk(envelope[CLIENT_CAPABILITIES_META_KEY])) return 'not asked';
    this.#asked = text;
    return 'no';
  }

  /** What the request is answered with, if its call asked something that nobody has answered yet. */
  result(): Result | undefined {
    if (this.#asked === undefined) return undefined;
    const request = { method: 'elicitation/create', params: { mode: 'form', ...questionForm(this.#asked) } };
    return { resultType: 'input_required', inputRequests: { [nameOf(this.#asked)]: request } };
  }
}

/** An answer belongs to the words of its question: if they have changed meanwhile, the question is asked again. */
function nameOf(question: string): string {
  return `confirm_${sha256Of(question).slice(0, 16)}`;
}
