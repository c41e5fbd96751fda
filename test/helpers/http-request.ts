import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request with any headers, also those that `fetch` sets itself, such as the host. A body makes it a POST. */
export function sendRequest(url: URL, headers: OutgoingHttpHeaders = {}, body?: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: body === undefined ? 'GET' : 'POST', headers }, (answer) => {
      text(answer).then(
        (said) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: said }),
        reject,
      );
    });
    sent.once('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** What clients of the protocol say of the bodies that they send and take. */
export const OF_CLIENTS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
} as const;
