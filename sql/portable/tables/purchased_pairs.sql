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

-- Lines of a product in an order are added up before they meet their order: fewer rows are joined, and sums have short keys.
order_products as (
    select
        order_id,
        product_id,
        sum(quantity) as quantity,
        sum(line_total) as spent
    from order_items
    group by order_id, product_id
),

purchased_pairs as (
    select
        orders.customer_id,
        order_products.product_id,
        cast(count(*) as integer) as total_orders,
        cast(sum(order_products.quantity) as numeric(38, 4)) as total_quantity,
        cast(sum(order_products.spent) as numeric(38, 4)) as total_spent,
        min(orders.order_day) as first_order_date,
        max(orders.order_day) as last_order_date
    from order_products
    inner join orders on orders.order_id = order_products.order_id
    group by orders.customer_id, order_products.product_id
)

select * from purchased_pairs
