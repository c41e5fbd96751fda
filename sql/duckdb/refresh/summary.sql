-- One row: the counts of sql/duckdb/snapshot/summary.sql, with the orders of the small shop in place of those that it had before.
-- Every order line is in the totals of its product. Value bound: customers of the previous snapshot.
with customer_counts as (
    select
        cast(? as bigint)
        + (select count(distinct customer_id) from next.raw.orders)
        - (select count(distinct customer_id) from earlier.raw.orders) as customers
),

order_counts as (
    select
        count(*) as orders,
        cast(min(order_date) as date) as first_order_date,
        cast(max(order_date) as date) as last_order_date
    from whole.raw.orders
),

item_counts as (
    select count(*) as order_items
    from whole.raw.order_items
),

products as (
    select
        product_id,
        product_category
    from whole.raw.product_catalog
    union all
    select
        product_id,
        product_category
    from whole.interactive.product_line_totals
),

product_counts as (
    select
        count(distinct product_id) as products,
        count(distinct case when product_category is not null then product_id end) as categorised_products
    from products
),

catalog_counts as (
    select count(*) as catalog_products
    from whole.raw.product_catalog
),

id_types as (
    select
        max(case when table_name = 'orders' and column_name = 'customer_id' then data_type end) as customer_id_type,
        max(case when table_name = 'order_items' and column_name = 'product_id' then data_type end) as product_id_type
    from duckdb_columns()
    where database_name = 'whole' and schema_name = 'raw'
),

data_summary as (
    select *
    from customer_counts
    cross join order_counts
    cross join item_counts
    cross join product_counts
    cross join catalog_counts
    cross join id_types
)

select * from data_summary
