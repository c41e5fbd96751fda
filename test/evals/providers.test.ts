import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { anthropic, openai, type Turn } from '../../evals/providers.ts';

const turn: Turn = {
  system: 'Be of help.',
  messages: [{ role: 'user', text: 'Who leaves?' }],
  tools: [{ name: 'find', description: 'Finds.', inputSchema: { type: 'object', properties: {} } }],
};

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** An API on the loopback that gives its answers in turn, and keeps what it was asked. */
async function startApi(...answers: { status?: number; body: unknown }[]) {
  const requests: { url: string | undefined; headers: unknown; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { url, headers } = request;
    requests.push({ url, headers, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) });
    const { status = 200, body } = answers.shift() ?? { status: 404, body: {} };
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' });
    response.end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  stops.push(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { baseUrl: `http://127.0.0.1:${port}`, requests };
}

describe('the providers', () => {
  it('speak the Messages API', async () => {
    const api = await startApi({
      body: {
        content: [
          { type: 'text', text: 'Let me look.' },
          { type: 'tool_use', id: 't1', name: 'find', input: { limit: 3 } },
          { type: 'tool_use', id: 't2', name: 'list' },
        ],
        stop_reason: 'tool_use',
      },
    });
    expect(await anthropic({ key: 'k', baseUrl: api.baseUrl }).ask('claude-x', turn)).toEqual({
      calls: [
        { tool: 'find', arguments: { limit: 3 } },
        { tool: 'list', arguments: {} },
      ],
      text: 'Let me look.',
    });
    expect(api.requests[0]).toMatchObject({
      url: '/v1/messages',
      headers: { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' },
      body: {
        model: 'claude-x',
        system: 'Be of help.',
        messages: [{ role: 'user', content: 'Who leaves?' }],
        tools: [{ name: 'find', description: 'Finds.', input_schema: { type: 'object', properties: {} } }],
      },
    });
  });

  it('speak chat completions, with a key or without', async () => {
    const call = (name: string, args: string) => ({ type: 'function', function: { name, arguments: args } });
    const message = {
      content: null,
      tool_calls: [call('find', '{"limit":3}'), call('list', ''), call('list', '{')],
    };
    const api = await startApi({ body: { choices: [{ message }] } });
    expect(await openai({ key: undefined, baseUrl: api.baseUrl }).ask('local', turn)).toEqual({
      calls: [
        { tool: 'find', arguments: { limit: 3 } },
        { tool: 'list', arguments: {} },
        { tool: 'list', arguments: { not_json: '{' } },
      ],
      text: '',
    });
    expect(api.requests[0]).toMatchObject({
      url: '/chat/completions',
      headers: expect.not.objectContaining({ authorization: expect.anything() }),
      body: {
        messages: [
          { role: 'system', content: 'Be of help.' },
          { role: 'user', content: 'Who leaves?' },
        ],
        tools: [{ type: 'function', function: { name: 'find', description: 'Finds.' } }],
      },
    });
  });

  it('ask a busy API again, and report any other error', async () => {
    const api = await startApi(
      { status: 529, body: {} },
      { body: { choices: [{ message: { content: 'Which one?' } }] } },
      { status: 401, body: { error: 'no such key' } },
    );
    const provider = openai({ key: 'k', baseUrl: api.baseUrl });
    expect(await provider.ask('m', turn)).toEqual({ calls: [], text: 'Which one?' });
    await expect(provider.ask('m', turn)).rejects.toThrow(
      'The model\'s API answered 401: {"error":"no such key"}',
    );
  });
});
