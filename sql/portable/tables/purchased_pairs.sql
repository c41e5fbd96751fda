-- One row per customer and product bought up to the as-of date.
with parameters as (
    select cast(? as date) as as_of_date
),

orders as (
    select
        order_id,
        customer_id,
        cast(order_date as date) as order_day
    from raw.orders
    cross join parameters
    where cast(order_date as date) <= as_of_date
),

order_items as (
    select * from raw.order_items
),

order_products as (
    select
        orders.customer_id,
        order_items.product_id,
        orders.order_id,
        max(orders.order_day) as order_day,
        sum(order_items.quantity) as quantity,
        sum(order_items.line_total) as spent
    from order_items
    inner join orders on orders.order_id = order_items.order_id
    group by orders.customer_id, order_items.product_id, orders.order_id
),

purchased_pairs as (
    select
        customer_id,
        product_id,
        cast(count(*) as integer) as total_orders,
        cast(sum(quantity) as numeric(38, 4)) as total_quantity,
        cast(sum(spent) as numeric(38, 4)) as total_spent,
        min(order_day) as first_order_date,
        max(order_day) as last_order_date
    from order_products
    group by customer_id, product_id
)

select * from purchased_pairs
