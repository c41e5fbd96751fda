/** Log lines on stderr: time, level, message, fields. Never customers' names or emails, never credentials. */
import { LOG_LEVELS, type LogLevel, wantsJsonLines } from './config.ts';

export type LogFields = Record<string, unknown>;

export interface Log {
  error(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

export function createLog(
  level: LogLevel,
  write: (line: string) => void = (line) => process.stderr.write(line),
  now: () => Date = () => new Date(),
): Log {
  const print =
    (own: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (LOG_LEVELS.indexOf(own) > LOG_LEVELS.indexOf(level)) return;
      const line = JSON.stringify({ time: now().toISOString(), level: own, message, ...fields });
      write(`${withoutSecrets(line)}\n`);
    };
  return { error: print('error'), info: print('info'), debug: print('debug') };
}

/** Says at the end of a command why it failed: as text for a person, or as a line of JSON with these fields. */
export function tellFailure(
  text: string,
  { message, ...fields }: LogFields & { readonly message: string },
): void {
  if (wantsJsonLines()) createLog('error').error(message, fields);
  else process.stderr.write(text);
}

/**
 * From now on every line that the process writes to standard error is JSON: also what is meant for a person, and what a library
 * says. A line that is JSON already stays as it is.
 */
export function writeLinesAsJson(now: () => Date = () => new Date()): void {
  const { stderr } = process;
  const write = stderr.write.bind(stderr);
  const log = createLog('info', (line) => write(line), now);
  let rest = '';
  const take = (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('{')) write(`${line}\n`);
      else if (line.trim() !== '') log.info(line);
    }
  };
  const asJson: typeof stderr.write = (chunk: string | Uint8Array, ...more: unknown[]) => {
    take(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    const done = more.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
  stderr.write = asJson;
  // No bar is drawn over lines that a program reads.
  stderr.isTTY = false;
  process.once('exit', () => {
    if (rest !== '') take('\n');
  });
}

/**
 * Removes emails and secrets once more: error messages of libraries may quote a row of data or a header.
 */
function withoutSecrets(line: string): string {
  return line
    .replaceAll(/[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,255}\.\p{L}{2,24}/gu, '<email>')
    .replaceAll(/\b(Bearer|Basic) [^\s"\\]+/gi, '$1 <secret>')
    .replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '<token>');
}
