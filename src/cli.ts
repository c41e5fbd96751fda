#!/usr/bin/env node
/**
 * The only entry. Standard output belongs to results and protocol, so before anything else is loaded, the output of
 * libraries is redirected to standard error.
 */
import module from 'node:module';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

// Files contain data of customers: only the user who runs this may read them, unless an existing file is more open.
process.umask(0o077);

const writeToStdout = process.stdout.write.bind(process.stdout);
process.stdout.write = (chunk: string | Uint8Array, ...more: unknown[]) => {
  const done = more.at(-1);
  return process.stderr.write(chunk, () => (typeof done === 'function' ? done() : undefined));
};

const stdout = new Writable({
  write(chunk, _encoding, done) {
    writeToStdout(chunk, done);
  },
});

/** The exit code that a shell reports for a program ended by Ctrl-C. */
const EXIT_INTERRUPTED = 130;
/** Work that has not stopped after this time is stuck. Files survive a kill at any moment. */
let stoppingMs = 5000;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second Ctrl-C ends the process at once.
    if (interrupted.signal.aborted) process.exit(EXIT_INTERRUPTED);
    interrupted.abort();
    setTimeout(() => process.exit(EXIT_INTERRUPTED), stoppingMs).unref();
  });
}
for (const stream of [process.stdout, stdout]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The program that reads our output has ended.
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

/**
 * Keeps the compiled code beside the code itself, for the next start. A user who may write there may change the code anyway.
 * A folder that cannot be written, and Node before 22.1, go without.
 */
module.enableCompileCache?.(fileURLToPath(new URL('compiled', import.meta.url)));

const { runProgram } = await import('./commands/program.ts');
const exitCode = await runProgram(process.argv.slice(2), {
  stdout,
  stdin: process.stdin,
  signal: interrupted.signal,
  waitToStop(ms) {
    stoppingMs = ms;
  },
});
await new Promise<void>((resolve) => stdout.end(() => resolve()));
process.exit(interrupted.signal.aborted && exitCode !== 0 ? EXIT_INTERRUPTED : exitCode);
