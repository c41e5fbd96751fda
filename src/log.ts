/** Log lines on stderr: time, level, message, fields. Never customers' names or emails, never credentials. */
import { LOG_LEVELS, type LogLevel } from './config.ts';

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

/**
 * Removes emails and secrets once more: error messages of libraries may quote a row of data or a header.
 */
function withoutSecrets(line: string): string {
  return line
    .replaceAll(/[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,255}\.\p{L}{2,24}/gu, '<email>')
    .replaceAll(/\b(Bearer|Basic) [^\s"\\]+/gi, '$1 <secret>')
    .replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '<token>');
}
