/** Asks the person at the client, by the protocol's elicitation. */
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { ElicitResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Answer } from '../mcp/tool-context.ts';
import type { Extra } from './guarded-server.ts';

/** A person may take a while; then nothing is done. */
const PATIENCE_MS = 600_000;

export interface PersonAtClient {
  readonly server: Server;
  readonly extra: Extra;
  readonly signal: AbortSignal;
}

/**
 * `not asked` if the client cannot ask. Any answer but a clear yes is `no`, and so is a question that fails: the person
 * cancels the call, the client goes away, or nobody answers in time. Never throws.
 */
export async function askPerson(
  question: string,
  { server, extra, signal }: PersonAtClient,
): Promise<Answer> {
  if (server.getClientCapabilities()?.elicitation === undefined) return 'not asked';
  const params = {
    message: question,
    requestedSchema: {
      type: 'object' as const,
      properties: { confirm: { type: 'boolean' as const, title: 'Yes, do it' } },
      required: ['confirm'],
    },
  };
  const request = { method: 'elicitation/create' as const, params };
  const options = { timeout: PATIENCE_MS, signal };
  return extra.sendRequest(request, ElicitResultSchema, options).then(
    ({ action, content }) => (action === 'accept' && content?.confirm === true ? 'yes' : 'no'),
    () => 'no',
  );
}
