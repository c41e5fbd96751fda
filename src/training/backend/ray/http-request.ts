/** One HTTP request by `node:http`. Not by `fetch`: its requests look like a browser's, which Ray refuses. */
import { request as httpOnly, type RequestOptions } from 'node:http';
import { request as https } from 'node:https';
import { text } from 'node:stream/consumers';

export type HttpMethod = 'GET' | 'POST' | 'PUT';

export interface HttpRequest {
  readonly method: HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  /** The request fails if the server sends nothing for this long. */
  readonly silenceMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

export function httpRequest(
  url: URL,
  { body, silenceMs, signal, ...rest }: HttpRequest,
): Promise<HttpAnswer> {
  // A connection of its own for each request: a kept one may be closed by the server just as the next request is sent.
  const options: RequestOptions = { ...rest, agent: false, timeout: silenceMs, ...(signal && { signal }) };
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? https : httpOnly)(url, options, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, text: answer }), reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer for ${silenceMs} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}
