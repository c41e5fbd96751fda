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
      write(`${JSON.stringify({ time: now().toISOString(), level: own, message, ...fields })}\n`);
    };
  return { error: print('error'), info: print('info'), debug: print('debug') };
}
