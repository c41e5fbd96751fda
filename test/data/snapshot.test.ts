import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeSnapshot } from '../helpers/snapshot.ts';

const shop = {
  orders: [
    { order_id: 'a', customer_id: 1, order_date: '2024-01-01 10:00:00', total_amount: 10.5 },
    { order_id: 'b', customer_id: 1, order_date: '2024-03-01', total_amount: 20 },
    { order_id: 'c', customer_id: 2, order_date: '2024-02-01', total_amount: 0 },
  ],
  orderItems: [
    {
      order_item_id: 'a1',
      order_id: 'a',
      product_id: 'P1',
      product_name: 'Pen',
      quantity: 2,
      unit_price: 3,
      line_total: 6,
    },
    {
      order_item_id: 'b1',
      order_id: 'b',
      product_id: 'P1',
      product_name: 'Pen',
      quantity: 1,
      unit_price: 4,
      line_total: 4,
    },
  ],
};

describe('a snapshot', () => {
  it('holds serving tables as of the last order', async () => {
    await using snapshot = await makeSnapshot(shop);
    const any = z.record(z.string(), z.unknown());
    const read = (table: string) =>
      snapshot.data.rows({ text: `select * from interactive.${table}`, values: [] }, any);
    expect(await read('customer_order_analytics')).toMatchInlineSnapshot(`
      [
        {
          "avg_order_value": 15.25,
          "customer_id": 1,
          "customer_segment": null,
          "email": null,
          "first_name": null,
          "first_order_date": "2024-01-01",
          "last_name": null,
          "last_order_date": "2024-03-01",
          "total_orders": 2,
          "total_spent": 30.5,
        },
        {
          "avg_order_value": 0,
          "customer_id": 2,
          "customer_segment": null,
          "email": null,
          "first_name": null,
          "first_order_date": "2024-02-01",
          "last_name": null,
          "last_order_date": "2024-02-01",
          "total_orders": 1,
          "total_spent": 0,
        },
      ]
    `);
    expect(await read('customer_segments')).toMatchInlineSnapshot(`
      [
        {
          "customer_id": 1,
          "days_since_last_order": 0,
          "last_order_date": "2024-03-01",
          "segment": "NEW_CUSTOMERS",
          "total_orders": 2,
          "total_spent": 10,
        },
        {
          "customer_id": 2,
          "days_since_last_order": 29,
          "last_order_date": "2024-02-01",
          "segment": "NEW_CUSTOMERS",
          "total_orders": 1,
          "total_spent": 0,
        },
      ]
    `);
    expect(await read('product_statistics')).toMatchInlineSnapshot(`
      [
        {
          "is_offered": 1,
          "last_order_date": "2024-03-01",
          "price": 3.5,
          "price_variance": 0.7071067811865476,
          "product_category": null,
          "product_id": "P1",
          "product_name": "Pen",
          "total_customers": 1,
          "total_orders": 2,
          "total_quantity": 3,
        },
      ]
    `);
    expect(await read('purchased_pairs')).toMatchInlineSnapshot(`
      [
        {
          "customer_id": 1,
          "first_order_date": "2024-01-01",
          "last_order_date": "2024-03-01",
          "product_id": "P1",
          "total_orders": 2,
          "total_quantity": 3,
          "total_spent": 10,
        },
      ]
    `);
    expect({ ...(await snapshot.data.summary()), fingerprint: '' }).toMatchInlineSnapshot(`
      {
        "customerIdType": "integer",
        "customers": 2,
        "fingerprint": "",
        "firstOrderDate": "2024-01-01",
        "hasCatalog": false,
        "hasCategories": false,
        "hasItems": true,
        "lastOrderDate": "2024-03-01",
        "orderItems": 2,
        "orders": 3,
        "productIdType": "text",
        "products": 1,
        "segmentThresholds": {
          "highValueActive": 1000,
          "highValueInactive": 500,
          "inactiveDays": 180,
          "lowEngagementOrders": 5,
          "newOrders": 2,
        },
      }
    `);
  });

  it('reads columns in every form', async () => {
    await using snapshot = await makeSnapshot(shop);
    const table = await snapshot.data.columns({
      text: 'select customer_id, order_id, total_amount, cast(order_date as date) as d, null as n from raw.orders order by order_id',
      values: [],
    });
    expect(table.rowCount).toBe(3);
    expect(table.ids('customer_id')).toEqual([1, 1, 2]);
    expect(table.ids('order_id')).toEqual(['a', 'b', 'c']);
    expect([...table.float32('total_amount')]).toEqual([10.5, 20, 0]);
    expect([...table.float64('d')]).toEqual([19723, 19783, 19754]);
    expect([...table.float32('n')]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(table.float32('d').buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(table.text('d')).toEqual(['2024-01-01', '2024-03-01', '2024-02-01']);
  });
});
