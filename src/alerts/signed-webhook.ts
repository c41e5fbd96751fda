/**
 * Sends an alert to a webhook, signed as Standard Webhooks has it (https://www.standardwebhooks.com): HMAC-SHA256 over the id, the
 * time and the body. A receiver that checks the time refuses what somebody recorded and sends again.
 */
import { createHmac } from 'node:crypto';
import type { Alert } from './alert-state.ts';

const TIMEOUT_MS = 10_000;

export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @param secret `whsec_` and base64, or any text, whose bytes are the key then */
export function signedRequest(alert: Alert, secret: string, now: Date): SignedRequest {
  const body = JSON.stringify({ type: 'alert.fired', timestamp: alert.at, data: alert });
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  const signature = createHmac('sha256', key).update(`${alert.id}.${timestamp}.${body}`).digest('base64');
  return {
    body,
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'churn-mcp',
      'Webhook-Id': alert.id,
      'Webhook-Timestamp': timestamp,
      'Webhook-Signature': `v1,${signature}`,
    },
  };
}

/** @throws if the receiver does not answer with 2xx in time; it may have taken the alert nevertheless */
export async function sendWebhook(url: string, request: SignedRequest, signal?: AbortSignal): Promise<void> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, {
    method: 'POST',
    ...request,
    redirect: 'manual',
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  });
  // Nothing of the answer is used.
  await response.body?.cancel();
  if (response.ok) return;
  const isRedirect = response.status >= 300 && response.status < 400;
  throw new Error(
    `the receiver answered ${response.status}${isRedirect ? '; redirects are not followed' : ''}`,
  );
}
