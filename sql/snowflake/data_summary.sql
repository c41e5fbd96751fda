-- One row: counts of the shop tables of a warehouse, and a hash over the content of each. Customers are those with an
-- order. Beside sql/duckdb/snapshot/summary.sql because types are told otherwise, and the fingerprint is summed up here.
with order_counts as (
    select
        count(distinct customer_id) as customers,
        count(*) as orders,
        min(cast(order_date as date)) as first_order_date,
        max(cast(order_date as date)) as last_order_date,
        min(customer_id) as some_customer_id,
        max(length(cast(customer_id as varchar))) as customer_id_length,
        cast(
            hash_agg(
                order_id, customer_id, order_date, order_status, total_amount, discount_percent, shipping_cost
            ) as varchar
        ) as orders_hash
    from raw.orders
),

item_counts as (
    select
        count(*) as order_items,
        min(product_id) as some_product_id,
        max(length(cast(product_id as varchar))) as product_id_length,
        cast(
            hash_agg(
                order_item_id, order_id, product_id, product_name, product_category, quantity, unit_price, line_total
            ) as varchar
        ) as order_items_hash
    from raw.order_items
),

products as (
    select product_id, product_category from raw.product_catalog
    union
    select product_id, product_category from raw.order_items
),

product_counts as (
    select
        count(distinct product_id) as products,
        count(distinct case when product_category is not null then product_id end) as categorised_products
    from products
),

catalog_counts as (
    select
        count(*) as catalog_products,
        cast(
            hash_agg(
                product_id, product_name, product_category, description, features, price, stock_quantity
            ) as varchar
        ) as product_catalog_hash
    from raw.product_catalog
),

customer_counts as (
    select
        count(*) as described_customers,
        cast(
            hash_agg(
                customer_id, first_name, last_name, email, phone, address, city, state, zip_code, registration_date,
                customer_segment
            ) as varchar
        ) as customers_hash
    from raw.customers
),

data_summary as (
    select *
    from order_counts
    cross join item_counts
    cross join product_counts
    cross join catalog_counts
    cross join customer_counts
)

select * from data_summary
