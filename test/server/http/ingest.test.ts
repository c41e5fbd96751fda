import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDataHome } from '../../../src/data/data-home.ts';
import type { HttpConfig } from '../../../src/http-config.ts';
import { IngestLog } from '../../../src/ingest/ingest-log.ts';
import { HomeLog } from '../../../src/server/http/home-log.ts';
import type { HttpLimits } from '../../../src/server/http/http-limits.ts';
import { refreshApart } from '../../../src/server/http/refresh-apart.ts';
import { fakeServices } from '../../helpers/fake-services.ts';
import { startTestServer } from '../../helpers/http-server.ts';
import { rowsInLog } from '../../helpers/log-rows.ts';
import { silentLog } from '../../helpers/mcp-client.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

const ROW = '{"order_id":"1","customer_id":"a","order_date":"2026-01-01","total_amount":5}\n';
const SECRET = 'a secret of the shop';

async function startIngest(
  config: Partial<HttpConfig> = {},
  limits: Partial<HttpLimits> = {},
  targetLagMs = 3_600_000,
) {
  const home = await newTestHome();
  const homeLog = new HomeLog({
    home,
    refresh: (signal) => refreshApart(home, signal),
    targetLagMs,
    log: silentLog,
  });
  const server = await startTestServer(fakeServices(), config, limits, homeLog);
  const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
    const response = await fetch(new URL(path, server.url), { method: 'POST', body, headers });
    const answer = z.record(z.string(), z.unknown()).parse(await response.json());
    return { http: response.status, ...answer };
  };
  return { home, server, post, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const signed = (body: string) => createHmac('sha256', SECRET).update(body).digest('base64');

describe('POST /ingest', () => {
  it('stores a batch once, names what it rejects, and says how far the channel is', async () => {
    await using server = await startIngest();
    const path = '/ingest?channel=shop&offset_token=7&kind=orders';
    expect(await server.post(path, `${ROW}{"order_id":"2"}\n`)).toMatchInlineSnapshot(`
      {
        "channel": "shop",
        "http": 200,
        "offset_token": 7,
        "rejected": 1,
        "rejects": [
          {
            "line": 2,
            "reason": "missing customer_id",
          },
        ],
        "rows": 1,
        "status": "stored",
      }
    `);
    expect(await server.post(path, ROW)).toMatchObject({ status: 'known', rows: 0 });
    const csv = 'order_id,customer_id,order_date\n3,"b, c",2026-01-02\n';
    const next = '/ingest?channel=shop&offset_token=8&kind=orders';
    expect(await server.post(next, csv, { 'Content-Type': 'text/csv' })).toMatchObject({ rows: 1 });
    const told = await fetch(new URL('/ingest?channel=shop', server.server.url));
    expect(await told.json()).toEqual({ channel: 'shop', offset_token: 8 });
    expect((await rowsInLog(server.home)).map(({ order_id }) => order_id)).toEqual(['1', '3']);
    expect(await readFile(join(server.home, 'log', 'rejects.ndjson'), 'utf8')).toContain(
      'missing customer_id',
    );
  });

  it('says what is wrong with an address, a token and a body that is too large', async () => {
    const token = 'a-token-of-many-characters';
    await using server = await startIngest({ access: { kind: 'token', token } }, { batch: 100 });
    const path = '/ingest?channel=shop&offset_token=1&kind=orders';
    const bearer = { Authorization: `Bearer ${token}` };
    expect((await server.post(path, ROW)).http).toBe(401);
    expect(await server.post('/ingest?channel=shop', ROW, bearer)).toMatchInlineSnapshot(`
      {
        "error": {
          "code": "INVALID_ARGUMENT",
          "hint": "Send rows to /ingest?channel=NAME&offset_token=NUMBER, with kind=orders unless each row has its kind.",
          "message": "offset_token of the address is missing: give a whole number.",
        },
        "http": 400,
      }
    `);
    expect((await server.post(path, ROW + ROW, bearer)).http).toBe(413);
    expect(await server.post(path, ROW, bearer)).toMatchObject({ status: 'stored' });
    expect((await rowsInLog(server.home)).length).toBe(1);
  });

  it('folds what it took into the data after the target lag', async () => {
    await using server = await startIngest({}, {}, 200);
    await server.post('/ingest?channel=a&offset_token=1&kind=orders', ROW);
    await using provider = openDataHome(server.home);
    const ordersNow = async () => (await (await provider.current()).summary()).orders;
    await expect.poll(() => ordersNow().catch(() => 0), { timeout: 60_000, interval: 200 }).toBe(1);
  });

  it('folds what a process before it took into the data, also if nobody sends more', async () => {
    const home = await newTestHome();
    await using before = await IngestLog.open(home);
    await before.append({ channel: 'a', parts: [{ kind: 'orders', rows: 1, lines: Buffer.from(ROW) }] });
    const homeLog = new HomeLog({
      home,
      refresh: (signal) => refreshApart(home, signal),
      targetLagMs: 200,
      log: silentLog,
    });
    await using _server = await startTestServer(fakeServices(), {}, {}, homeLog);
    await using provider = openDataHome(home);
    const ordersNow = async () => (await (await provider.current()).summary()).orders;
    await expect.poll(() => ordersNow().catch(() => 0), { timeout: 60_000, interval: 200 }).toBe(1);
  });

  it('shares the log with another process that writes to it', async () => {
    await using server = await startIngest();
    await using other = await IngestLog.open(server.home);
    for (const token of [1, 2, 3]) {
      await server.post(`/ingest?channel=a&offset_token=${token}&kind=orders`, ROW);
      const lines = Buffer.from(ROW);
      await other.append({ channel: 'b', token, parts: [{ kind: 'orders', rows: 1, lines }] });
    }
    expect(await rowsInLog(server.home)).toHaveLength(6);
  });
});

describe('webhooks of shop systems', () => {
  const webhookSecrets = { shopify: SECRET, woocommerce: SECRET };

  it('store an order of Shopify with its lines, returns and customer, once, if its signature fits', async () => {
    await using server = await startIngest({ webhookSecrets });
    const event = JSON.stringify({
      id: 820982911946154500,
      created_at: '2026-11-20T10:00:00+01:00',
      cancelled_at: null,
      financial_status: 'partially_refunded',
      total_price: '30.00',
      currency: 'EUR',
      customer: { id: 115310627, first_name: 'Ann', email: 'ann@example.com' },
      line_items: [
        { id: 11, product_id: 21, title: 'Pen', quantity: 2, price: '15.00', total_discount: '0.00' },
      ],
      refunds: [{ id: 31, transactions: [{ kind: 'refund', status: 'success', amount: '4.50' }] }],
    }).replace('820982911946154500', '"5500"');
    const headers = { 'X-Shopify-Topic': 'orders/updated', 'X-Shopify-Hmac-Sha256': signed(event) };
    expect(await server.post('/ingest/shopify', event, headers)).toMatchObject({ status: 'stored', rows: 4 });
    expect(await server.post('/ingest/shopify', event, headers)).toMatchObject({ status: 'known', rows: 0 });
    expect((await server.post('/ingest/shopify', `${event} `, headers)).http).toBe(401);
    expect(await rowsInLog(server.home)).toMatchInlineSnapshot(`
      [
        {
          "cancelled_at": null,
          "currency": "EUR",
          "customer_id": "115310627",
          "order_date": "2026-11-20T10:00:00+01:00",
          "order_id": "5500",
          "payment_status": "partially_refunded",
          "total_amount": "30.00",
        },
        {
          "line_discount": "0.00",
          "order_id": "5500",
          "order_item_id": "11",
          "product_id": "21",
          "product_name": "Pen",
          "quantity": 2,
          "unit_price": "15.00",
        },
        {
          "customer_id": "115310627",
          "email": "ann@example.com",
          "first_name": "Ann",
        },
        {
          "amount": 4.5,
          "order_id": "5500",
          "return_id": "31",
        },
      ]
    `);
  });

  it('store an order of WooCommerce, take it back when it is deleted, and keep what cannot be read', async () => {
    await using server = await startIngest({ webhookSecrets });
    const send = (topic: string, event: unknown) => {
      const body = JSON.stringify(event);
      const headers = { 'X-WC-Webhook-Topic': topic, 'X-WC-Webhook-Signature': signed(body) };
      return server.post('/ingest/woocommerce', body, headers);
    };
    const order = {
      id: 727,
      date_created_gmt: '2026-11-20T09:00:00',
      status: 'processing',
      total: '29.35',
      customer_id: 0,
      billing: { email: 'bo@example.com', country: 'DE' },
      line_items: [{ id: 315, product_id: 93, name: 'Cup', quantity: 1, total: '29.35' }],
    };
    expect(await send('order.created', order)).toMatchObject({ rows: 2 });
    expect(await send('order.deleted', { id: 727 })).toMatchObject({ rows: 1 });
    expect(await send('product.updated', { id: 1 })).toMatchObject({ status: 'ignored' });
    expect(await send('order.updated', { id: 727 })).toMatchObject({ status: 'rejected' });
    expect(await rowsInLog(server.home)).toMatchInlineSnapshot(`
      [
        {
          "country": "DE",
          "customer_id": "bo@example.com",
          "order_date": "2026-11-20T09:00:00Z",
          "order_id": "727",
          "order_status": "processing",
          "total_amount": "29.35",
        },
        {
          "line_total": "29.35",
          "order_id": "727",
          "order_item_id": "315",
          "product_id": "93",
          "product_name": "Cup",
          "quantity": 1,
        },
        {
          "order_id": "727",
          "order_status": "cancelled",
        },
      ]
    `);
  });

  it('are not taken without a secret', async () => {
    await using server = await startIngest({
      access: { kind: 'token', token: 'a-token-of-many-characters' },
    });
    expect((await server.post('/ingest/shopify', '{}')).http).toBe(401);
  });
});
