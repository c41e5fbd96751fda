import type { ErrorCode } from '@modelcontextprotocol/sdk/types.js';

/**
 * An error that is sent to the client unchanged. The SDK's own error puts its code before the message, and a client's SDK
 * would add it again.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: ErrorCode | number;

  constructor(code: ErrorCode | number, message: string) {
    super(message);
    this.code = code;
  }
}
