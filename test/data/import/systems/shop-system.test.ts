import { describe, expect, it } from 'vitest';
import { IMPORT_FIELDS } from '../../../../src/data/import/columns/import-fields.ts';
import { SHOP_SYSTEMS } from '../../../../src/data/import/systems/index.ts';
import { columnsOfSystem, recogniseSystem } from '../../../../src/data/import/systems/shop-system.ts';
import type { ShopTable } from '../../../../src/data/shop-tables.ts';

/** Header lines as the systems write them. */
const HEADERS: Readonly<Record<string, readonly [table: ShopTable, header: string]>> = {
  'Shopify orders': [
    'orders',
    'Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Country,Cancelled at,Refunded Amount,Id,Source,Lineitem discount',
  ],
  'Shopify orders (API)': [
    'orders',
    'id,name,email,created_at,financial_status,total_price,current_total_price,line_items,customer,currency',
  ],
  'Shopify orders (API before 2021)': [
    'orders',
    'id,name,email,created_at,financial_status,total_price,line_items,customer,currency',
  ],
  'WooCommerce orders': [
    'orders',
    'order_id,order_number,order_date,paid_date,status,shipping_total,tax_total,discount_total,order_subtotal,order_total,order_currency,payment_method,customer_id,billing_email,billing_first_name,billing_last_name,customer_note,line_items',
  ],
  'WooCommerce orders, one row per item': [
    'orders',
    'order_id,order_number,date,status,order_total,order_currency,payment_method,customer_id,billing_email,item_id,item_product_id,item_name,item_sku,item_quantity,item_total',
  ],
  'WooCommerce orders (API)': [
    'orders',
    'id,order_key,number,status,currency,date_created,customer_id,total,billing,line_items',
  ],
  'WooCommerce orders (Advanced Order Export)': [
    'orders',
    'Order Number,Order Status,Order Date,Customer Note,Email (Billing),Order Total Amount,SKU,Item Name,Quantity (- Refund),Item Cost',
  ],
  'WooCommerce Analytics orders': [
    'orders',
    'Date,Order #,Status,Customer,Customer type,Product(s),Items Sold,Coupon(s),N. Revenue,Attribution',
  ],
  'Magento orders': [
    'orders',
    'ID,Purchase Point,Purchase Date,Bill-to Name,Ship-to Name,Grand Total (Base),Grand Total (Purchased),Status,Billing Address,Customer Email,Subtotal,Shipping and Handling,Total Refunded',
  ],
  'Magento orders (table sales_order)': [
    'orders',
    'entity_id,state,status,customer_id,customer_email,base_grand_total,grand_total,created_at,increment_id,store_id',
  ],
  'BigCommerce orders': [
    'orders',
    'Order ID,Customer ID,Customer Name,Customer Email,Order Date,Order Status,Subtotal (inc tax),Order Total (inc tax),Order Total (ex tax),Payment Method',
  ],
  'BigCommerce orders (API)': [
    'orders',
    'id,customer_id,date_created,date_modified,status_id,status,subtotal_ex_tax,total_ex_tax,total_inc_tax',
  ],
  'Odoo orders': ['orders', 'name,date_order,partner_id,amount_total,state,currency_id/name'],
  'PrestaShop orders': ['orders', 'ID,Reference,New client,Delivery,Customer,Total,Payment,Status,Date'],
  'Shopware orders': [
    'orders',
    'id,orderNumber,orderDateTime,orderCustomer.email,orderCustomer.firstName,orderCustomer.lastName,amountTotal,amountNet,shippingTotal,stateMachineState.name,transactions.stateMachineState.name,currency.isoCode',
  ],
  'Wix orders': [
    'orders',
    'Order number,Date created,Time,Total order quantity,Contact email,Note from customer,Additional checkout info,Item,Variant,SKU,Qty,Quantity refunded,Price,Weight,Custom text,Deposit amount,Delivery method,Delivery time,Recipient name,Payment status,Payment method,Fulfillment status,Currency,Shipping rate,Total tax,Total',
  ],
  'PayPal activity': [
    'orders',
    'Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,Shipping Address,Address Status,Item Title,Item ID,Shipping and Handling Amount,Insurance Amount,Sales Tax,Option 1 Name,Option 1 Value,Reference Txn ID,Invoice Number,Custom Number,Quantity,Receipt ID,Balance,Address Line 1,Town/City,Country,Contact Phone Number,Subject,Note,Country Code,Balance Impact',
  ],
  'Square transactions': [
    'orders',
    'Date,Time,Time Zone,Gross Sales,Discounts,Service Charges,Net Sales,Tax,Tip,Total Collected,Source,Transaction ID,Payment ID,Event Type,Location,Customer ID,Customer Name',
  ],
  'Square items': [
    'orders',
    'Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Event Type,Customer ID',
  ],
  'Stripe payments (dashboard)': [
    'orders',
    'id,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,Customer Email,Invoice ID',
  ],
  'Stripe charges (API)': [
    'orders',
    'id,object,amount,amount_captured,amount_refunded,created,currency,customer,livemode,paid,status',
  ],
  'Stripe checkout sessions (API)': [
    'orders',
    'id,object,amount_subtotal,amount_total,created,currency,customer,customer_details.email,livemode,payment_status,status,line_items.data',
  ],
  'Stripe invoices (API)': [
    'orders',
    'id,object,amount_due,amount_paid,created,currency,customer,status,lines.data',
  ],
  'Etsy orders': [
    'orders',
    'Sale Date,Order ID,Buyer User ID,Full Name,Number of Items,Date Shipped,Ship Country,Currency,Order Value,Discount Amount,Shipping,Order Total,Status,Order Net,Adjusted Order Total,Buyer',
  ],
  'Etsy order items': [
    'orders',
    'Sale Date,Item Name,Buyer,Quantity,Price,Item Total,Currency,Transaction ID,Listing ID,Date Paid,Date Shipped,Ship Country,Order ID,SKU',
  ],
  'Amazon orders': [
    'orders',
    'order-id\torder-item-id\tpurchase-date\tpayments-date\tbuyer-email\tbuyer-name\tsku\tproduct-name\tquantity-purchased\tcurrency\titem-price'.replaceAll(
      '\t',
      ',',
    ),
  ],
  'Amazon "All orders" report': [
    'orders',
    'amazon-order-id,merchant-order-id,purchase-date,last-updated-date,order-status,sales-channel,product-name,sku,asin,item-status,quantity,currency,item-price',
  ],
  'Olist orders': [
    'orders',
    'order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date',
  ],
  'Olist order items': [
    'order_items',
    'order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value',
  ],
  'Olist customers': [
    'customers',
    'customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state',
  ],
  'Instacart-like baskets': [
    'orders',
    'order_id,user_id,eval_set,order_number,order_dow,order_hour_of_day,days_since_prior_order',
  ],
  'Instacart-like basket lines': ['order_items', 'order_id,product_id,add_to_cart_order,reordered'],
  'Klaviyo events': ['orders', 'Event,Timestamp,Email,Profile ID,$event_id,$value,$currency_code'],
};

describe('the detection of a shop system', () => {
  it.each(Object.entries(HEADERS))('recognises %s by its columns', (name, [table, header]) => {
    expect(recogniseSystem(SHOP_SYSTEMS, table, header.split(','))?.name).toBe(name);
  });

  it('is tested with a header for every known system', () => {
    expect(Object.keys(HEADERS).toSorted()).toEqual(SHOP_SYSTEMS.map(({ name }) => name).toSorted());
  });

  it('recognises a system whatever the case and the separators of its columns', () => {
    const header = HEADERS['Olist orders']?.[1].toUpperCase().replaceAll('_', ' ') ?? '';
    expect(recogniseSystem(SHOP_SYSTEMS, 'orders', header.split(','))?.name).toBe('Olist orders');
  });

  it.each([
    'order_id,customer_id,order_date,total_amount',
    'order_id,customer_id,order_date,total_amount,status',
    'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
    'id,user,date,amount',
  ])('recognises no system in %s', (header) => {
    expect(recogniseSystem(SHOP_SYSTEMS, 'orders', header.split(','))).toBeUndefined();
  });

  it('maps only to fields that the table has', () => {
    const wrong = SHOP_SYSTEMS.flatMap(({ name, rowsAre, columns, lines }) => {
      const unknown = (table: ShopTable, fields: readonly string[]) => {
        const known: readonly string[] = IMPORT_FIELDS[table];
        return fields.flatMap((field) => (known.includes(field) ? [] : [`${name}: ${field}`]));
      };
      return [
        ...unknown(rowsAre, Object.keys(columns)),
        ...unknown('order_items', Object.keys(lines?.columns ?? {})),
      ];
    });
    expect(wrong).toEqual([]);
  });

  it('reads a field from the first of its columns that is present', () => {
    const [, header] = HEADERS['Stripe payments (dashboard)'] ?? ['orders', ''];
    const system = recogniseSystem(SHOP_SYSTEMS, 'orders', header.split(','));
    expect(system && columnsOfSystem(system, header.split(','))).toMatchObject({
      order_id: 'id',
      customer_id: 'Customer ID',
      total_amount: 'Amount',
    });
  });
});
