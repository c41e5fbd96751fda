import type { SessionLimits } from './sessions.ts';

export interface HttpLimits extends SessionLimits {
  /** Bytes of a request. */
  readonly body: number;
  /** Bytes of a batch of rows, uncompressed. */
  readonly batch: number;
  readonly requestsPerMinute: number;
  /** Requests per caller that are not fully answered yet. */
  readonly openRequests: number;
  /** Wrong tokens from one address before it is refused for the rest of the minute. */
  readonly wrongTokensPerMinute: number;
}

export const HTTP_LIMITS: HttpLimits = {
  body: 1_048_576,
  batch: 8 * 1_048_576,
  mostSessions: 100,
  sessionsPerPrincipal: 25,
  idleMs: 30 * 60_000,
  leftMs: 60_000,
  requestsPerMinute: 1200,
  openRequests: 200,
  wrongTokensPerMinute: 60,
};
