/**
 * The server for clients whose every request names its revision (2026-07-28): nothing lasts beyond a request but handles.
 * Over SDK 2.x, which gives the requests to the handlers as they came.
 */
import { Server } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Caller } from './job-board.ts';
import type { McpService } from './mcp-service.ts';
import { QuestionRounds, QuestionSeal } from './question-rounds.ts';

/** What a client may keep, and for how long: what is the same for all callers until the server is another version. */
const SAME_FOR_ALL = { ttlMs: 3_600_000, cacheScope: 'public' } as const;
const LISTS_FOR_ALL: readonly string[] = ['tools/list', 'prompts/list', 'resources/templates/list'];

export function createStatelessServer(
  service: McpService,
  caller: Caller,
  scopes?: readonly string[] | undefined,
): Server {
  const { info, capabilities, instructions, handlers } = service;
  const seal = new QuestionSeal(service.answerKey, caller.principal);
  const server = new PlainSpokenServer(info, {
    capabilities,
    instructions,
    cacheHints: { 'server/discover': SAME_FOR_ALL },
  });
  for (const [method, handler] of handlers) {
    server.setRequestHandler(method, { params: z.looseObject({}) }, async (params, context) => {
      const questions = await QuestionRounds.of(params, context, seal);
      const result = await handler(params, {
        requestId: context.mcpReq.id,
        caller,
        scopes,
        signal: context.mcpReq.signal,
        notify: (notification) => context.mcpReq.notify(notification),
        ask: (form) => questions.ask(form),
      });
      const hint = LISTS_FOR_ALL.includes(method) ? SAME_FOR_ALL : {};
      return { ...hint, ...((await questions.result()) ?? result) };
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
