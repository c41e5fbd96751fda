/** Webhooks of shop systems. Each is signed with a secret that the shop shares with this server; none has a bearer token. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { BatchRows } from '../../ingest/batch-rows.ts';
import type { RejectedRow } from '../../ingest/rejects-file.ts';
import { reasonAgainst } from '../../ingest/row-check.ts';
import { rowsOfShopify, rowsOfWooCommerce, type WebhookRows } from '../../ingest/webhook-rows.ts';
import { bodyOf } from './batch-body.ts';
import type { HomeLog } from './home-log.ts';

interface ShopSystemWebhooks {
  readonly signature: string;
  readonly topic: string;
  readonly rowsOf: (topic: string, event: unknown) => WebhookRows | undefined;
}

const WEBHOOKS = {
  shopify: { signature: 'X-Shopify-Hmac-Sha256', topic: 'X-Shopify-Topic', rowsOf: rowsOfShopify },
  woocommerce: {
    signature: 'X-WC-Webhook-Signature',
    topic: 'X-WC-Webhook-Topic',
    rowsOf: rowsOfWooCommerce,
  },
} as const satisfies Record<string, ShopSystemWebhooks>;

export const WEBHOOK_SYSTEMS = [
  'shopify',
  'woocommerce',
] as const satisfies readonly (keyof typeof WEBHOOKS)[];
export type ShopSystemName = (typeof WEBHOOK_SYSTEMS)[number];

/**
 * Stores what an event says, once: the signature covers all of it, so an event that is sent again has the same signature, and is
 * acknowledged and ignored.
 */
export function takeWebhook(system: ShopSystemName, secret: string, log: HomeLog): RequestHandler {
  const { signature, topic, rowsOf } = WEBHOOKS[system];
  return async (request, response) => {
    const body = bodyOf(request);
    const expected = createHmac('sha256', secret).update(body).digest('base64');
    if (!isSame(request.get(signature) ?? '', expected)) {
      response
        .status(401)
        .json({ error: { code: 'FORBIDDEN', message: 'The signature does not fit the body.' } });
      return;
    }
    const channel = `webhook:${system}`;
    const event = `${system}:${expected}`;
    const rows = readRows(() => rowsOf(request.get(topic) ?? '', JSON.parse(body.toString('utf8'))));
    if (rows === 'unreadable') {
      const content = body.toString('utf8');
      const reason = `no event of the topic ${request.get(topic) ?? ''} as the system documents it`;
      await log.store({ channel, event, parts: [] }, [{ channel, offset: undefined, reason, content }]);
    }
    if (rows === undefined || rows === 'unreadable') {
      response.json({ status: rows === undefined ? 'ignored' : 'rejected' });
      return;
    }
    const good = new BatchRows();
    const rejects: RejectedRow[] = [];
    for (const { kind, row } of rows) {
      const [reason, content] = [reasonAgainst(kind, row), JSON.stringify(row)];
      if (reason === undefined) good.add(kind, content);
      else rejects.push({ channel, offset: undefined, reason, content });
    }
    const stored = await log.store({ channel, event, parts: good.toParts() }, rejects);
    response.json({ status: stored, rows: stored === 'known' ? 0 : good.count });
  };
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** An event of another form is acknowledged and rejected: the system would send it again for days. */
function readRows(read: () => WebhookRows | undefined): WebhookRows | undefined | 'unreadable' {
  try {
    return read();
  } catch {
    return 'unreadable';
  }
}
