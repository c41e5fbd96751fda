-- One row per table of the shop and reason: how many of its rows do not count. Each row has the first reason that fits. The rules
-- are those of sql/snowflake/shop. Value bound: the last day that counts.
with parameters as (
    select cast(? as date) as last_day
),

orders as (
    select
        order_id,
        case
            when order_id is null then 'without an id'
            when customer_id is null then 'without a customer'
            when order_date is null then 'without a day'
            when cast(order_date as date) > last_day then 'later than tomorrow'
        end as reason
    from raw.orders
    cross join parameters
),

usable_orders as (
    select distinct order_id
    from orders
    where reason is null
),

lines as (
    select
        order_item_id,
        order_id,
        product_id
    from raw.order_items
),

order_items as (
    select
        lines.order_id,
        lines.order_item_id,
        case
            when lines.product_id is null then 'without a product'
            when usable_orders.order_id is null then 'of no order that counts'
        end as reason
    from lines
    left join usable_orders on usable_orders.order_id = lines.order_id
),

distinct_items as (
    select distinct order_id, order_item_id
    from order_items
    where reason is null and order_item_id is not null
),

left_out as (
    select 'orders' as shop_table, reason, count(*) as row_count
    from orders
    where reason is not null
    group by reason
    union all
    select 'orders', 'repeated', count(*) - (select count(*) from usable_orders)
    from orders
    where reason is null
    union all
    select 'order_items', reason, count(*)
    from order_items
    where reason is not null
    group by reason
    union all
    select 'order_items', 'repeated', count(*) - (select count(*) from distinct_items)
    from order_items
    where reason is null and order_item_id is not null
    union all
    select 'customers', 'without an id', count(*) - count(customer_id)
    from raw.customers
    union all
    select 'customers', 'repeated', count(customer_id) - count(distinct customer_id)
    from raw.customers
    union all
    select 'product_catalog', 'without an id', count(*) - count(product_id)
    from raw.product_catalog
    union all
    select 'product_catalog', 'repeated', count(product_id) - count(distinct product_id)
    from raw.product_catalog
)

select shop_table, reason, row_count
from left_out
where row_count > 0
order by shop_table, reason
