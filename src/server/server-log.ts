/** Where the server writes what a person who runs it should know. Never the protocol's stream. */
export interface ServerLog {
  info(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}
