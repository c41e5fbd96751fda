/** The log for the person who runs the server. It never writes to the protocol's stream. */
export interface ServerLog {
  info(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}
