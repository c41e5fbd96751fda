/** What the processes share that a server starts for work in the background. */
import { readdirSync } from 'node:fs';
import module from 'node:module';
import { getPriority, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Under contention it then gets a quarter of the processor, enough to get on beside other programs. Alone it gets all of it. */
const NICENESS = 5;
const LOWEST = 19;

/** Lets all others of the machine go first. On Linux a priority is that of a thread, and new threads inherit it. */
export function goBehind(): void {
  const threads = process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [0];
  const niceness = Math.min(LOWEST, getPriority() + NICENESS);
  for (const thread of threads) setPriority(thread, niceness);
}

/** This process ends with its server, whatever ends that, and until then only the server says when to stop. */
export function followServer(): { close(): void } {
  // Ctrl-C and service managers send their signals to both.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  let isClosed = false;
  process.once('disconnect', () => {
    if (!isClosed) process.exit(1);
  });
  return {
    close() {
      isClosed = true;
      if (process.connected) process.disconnect();
    },
  };
}

/** As the entry does for commands. */
export function keepCompiledCode(): void {
  module.enableCompileCache?.(fileURLToPath(new URL('compiled', import.meta.url)));
}
