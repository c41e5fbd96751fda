import type { ErrorCode } from '@modelcontextprotocol/sdk/types.js';

/**
 * An error that a request is answered with, as it stands. The SDK's own error writes its code before the message, and a
 * client's SDK does so again.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: ErrorCode | number;

  constructor(code: ErrorCode | number, message: string) {
    super(message);
    this.code = code;
  }
}
