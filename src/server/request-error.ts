/** Error codes of JSON-RPC and of the protocol, and of its SDK for cases that the protocol leaves open. */
export const RPC_CODES = {
  parse: -32700,
  invalid: -32600,
  method: -32601,
  params: -32602,
  internal: -32603,
  refused: -32000,
  noSession: -32001,
  noResource: -32002,
} as const;

export type RpcCode = (typeof RPC_CODES)[keyof typeof RPC_CODES];

/**
 * An error that is sent to the client unchanged. The SDK's own error puts its code before the message, and a client's SDK
 * would add it again.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: RpcCode;
  /** What programs may read of it, as the protocol says for the code. */
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(code: RpcCode, message: string, data?: Readonly<Record<string, unknown>>) {
    super(message);
    this.code = code;
    this.data = data;
  }
}
