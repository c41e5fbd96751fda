-- One row: counts of the shop tables of a snapshot. Customers are those with an order.
with order_counts as (
    select
        count(distinct customer_id) as customers,
        count(*) as orders,
        min(cast(order_date as date)) as first_order_date,
        max(cast(order_date as date)) as last_order_date
    from raw.orders
),

item_counts as (
    select count(*) as order_items
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
    select count(*) as catalog_products
    from raw.product_catalog
),

id_types as (
    select
        max(case when table_name = 'orders' and column_name = 'customer_id' then data_type end) as customer_id_type,
        max(case when table_name = 'order_items' and column_name = 'product_id' then data_type end) as product_id_type
    from information_schema.columns
    where table_schema = 'raw'
),

data_summary as (
    select *
    from order_counts
    cross join item_counts
    cross join product_counts
    cross join catalog_counts
    cross join id_types
)

select * from data_summary
