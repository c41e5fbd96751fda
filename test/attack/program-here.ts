import { Writable } from 'node:stream';
import { runProgram } from '../../src/commands/program.ts';
import type { CliResult } from '../helpers/cli-process.ts';

/**
 * Runs a command as `churn-mcp` does, with services of its own that end with it, but in this process: starting one takes
 * longer than most commands. Commands run one after the other, because they share standard error.
 */
export async function runHere(args: readonly string[], home: string): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  const write = process.stderr.write;
  process.stderr.write = (chunk: unknown) => {
    stderr += String(chunk);
    return true;
  };
  try {
    const code = await runProgram([...args, '--home', home, '-q'], {
      stdout: new Writable({
        write(chunk, _encoding, done) {
          stdout += String(chunk);
          done();
        },
      }),
      stdin: process.stdin,
      waitToStop: () => undefined,
      signal: new AbortController().signal,
    });
    return { code, stdout, stderr };
  } finally {
    process.stderr.write = write;
  }
}
