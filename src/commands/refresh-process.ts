/** The process that folds the log into the data for a server, once. */
import { z } from 'zod';
import type { RefreshMessage } from '../server/http/refresh-apart.ts';
import { followServer, goBehind, keepCompiledCode } from './behind.ts';

const channel = followServer();
goBehind();
keepCompiledCode();
const { readConfig } = await import('../config.ts');
const { refresh } = await import('../ingest/refresh.ts');
const { ChurnMcpError } = await import('../errors.ts');
const { keepOverviewOf } = await import('../server/first-overview.ts');
const { home, segmentThresholds } = readConfig(
  z.object({ home: z.string() }).parse(JSON.parse(process.argv[2] ?? 'null')),
);
const stopped = new AbortController();
process.on('message', () => stopped.abort());
const tell = (message: RefreshMessage) =>
  new Promise<void>((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, () => resolve());
  });
try {
  await tell({
    outcome: await refresh({
      home,
      segmentThresholds,
      signal: stopped.signal,
      rebuilds: false,
      beforeCurrent: (id) => keepOverviewOf(id, home, stopped.signal),
    }),
  });
} catch (error) {
  const { code, message, hint } =
    error instanceof ChurnMcpError ? error : new ChurnMcpError('INTERNAL', String(error));
  await tell({ failed: { code, message, hint } });
}
channel.close();
