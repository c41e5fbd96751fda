import { Worker } from 'node:worker_threads';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it } from 'vitest';
import { CallWorker } from '../../src/server/call-worker.ts';
import { TOOLS } from '../../tools/index.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { callText, handshakeServer, silentLog } from '../helpers/mcp-client.ts';

/** A thread whose first call asks a person; every later call is answered with what the thread was told. */
const SCRIPT = `
  const { parentPort } = require('node:worker_threads');
  const result = (id, text) => parentPort.postMessage({ kind: 'result', id, result: { content: [{ type: 'text', text }] } });
  let asking, answer;
  const waiting = [];
  parentPort.on('message', (message) => {
    if (message.kind === 'close') process.exit(0);
    if (message.kind === 'answer') {
      answer = message.answer;
      for (const id of [asking, ...waiting]) result(id, answer);
    }
    if (message.kind !== 'call') return;
    if (asking === undefined) {
      asking = message.id;
      parentPort.postMessage({ kind: 'question', id: message.id, question: 'Really?' });
    } else if (answer === undefined) waiting.push(message.id);
    else result(message.id, answer);
  });
`;

const CALL = ['start_campaign', { campaign_id: 'c_20260202_081500_5a5b' }] as const;

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

/** A client of a server with a thread for its calls. `answer` is the person at the client. */
async function clientWith(answer: () => Promise<never>): Promise<Client> {
  const calls = new CallWorker(() => new Worker(SCRIPT, { eval: true }), silentLog);
  const options = { services: fakeServices({}), tools: TOOLS, log: silentLog, version: '0.0.0', calls };
  const server = handshakeServer(options);
  const client = new Client({ name: 'test', version: '0.0.0' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, answer);
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(serverSide), client.connect(clientSide)]);
  ending.push(async () => {
    await client.close();
    await calls[Symbol.asyncDispose]();
  });
  return client;
}

describe('a question to a person that fails', () => {
  it('is a no to the thread that asked, if the call is cancelled meanwhile', async () => {
    const controller = new AbortController();
    const client = await clientWith(() => {
      controller.abort();
      return new Promise(() => undefined);
    });
    const [name, args] = CALL;
    const cancelled = client.callTool({ name, arguments: args }, undefined, { signal: controller.signal });
    await expect(cancelled).rejects.toThrow();
    expect((await callText(client, name, args)).text).toBe('no');
  });

  it('is a no if the client answers with an error', async () => {
    const client = await clientWith(() => Promise.reject(new Error('no window to ask in')));
    expect((await callText(client, ...CALL)).text).toBe('no');
  });
});
