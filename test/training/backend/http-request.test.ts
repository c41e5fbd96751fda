import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { httpRequest } from '../../../src/training/backend/ray/http-request.ts';

/** A server that takes requests and never answers. */
async function silentServer(): Promise<URL> {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return new URL(`http://127.0.0.1:${address.port}`);
}

const GET = { method: 'GET', headers: {}, body: undefined } as const;

describe('a request to a server that does not answer', () => {
  it('fails after the silence that is allowed', async () => {
    const asked = httpRequest(await silentServer(), { ...GET, silenceMs: 50, signal: undefined });
    await expect(asked).rejects.toThrow('no answer for 50 ms');
  });

  it('ends when it is cancelled', async () => {
    const signal = AbortSignal.timeout(20);
    const asked = httpRequest(await silentServer(), { ...GET, silenceMs: 30_000, signal });
    await expect(asked).rejects.toThrow();
  });
});
