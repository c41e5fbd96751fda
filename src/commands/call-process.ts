/** The process that trains and imports for a server, over the same home folder. */
import { z } from 'zod';
import { followServer, goBehind, keepCompiledCode } from './behind.ts';

const channel = followServer();
const data = z.looseObject({ callers: z.string() }).parse(JSON.parse(process.argv[2] ?? 'null'));
const isBehind = data.callers === 'remote';
if (isBehind) goBehind();
keepCompiledCode();
const { runCalls } = await import('./run-calls.ts');
await runCalls(
  {
    postMessage: (message) => process.send?.(message),
    on: (event, listener) => process.on(event, listener),
    close: channel.close,
  },
  data,
  isBehind,
);
