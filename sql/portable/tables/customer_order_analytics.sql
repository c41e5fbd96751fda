-- One row per customer with an order up to the as-of date.
with parameters as (
    select cast(? as date) as as_of_date
),

customers as (
    select * from raw.customers
),

orders as (
    select
        customer_id,
        cast(order_date as date) as order_day,
        total_amount
    from raw.orders
    cross join parameters
    where cast(order_date as date) <= as_of_date
),

order_totals as (
    select
        customer_id,
        cast(count(*) as integer) as total_orders,
        cast(sum(total_amount) as numeric(38, 4)) as total_spent,
        min(order_day) as first_order_date,
        max(order_day) as last_order_date
    from orders
    group by customer_id
),

analytics as (
    select
        order_totals.customer_id,
        customers.first_name,
        customers.last_name,
        customers.email,
        customers.customer_segment,
        order_totals.total_orders,
        order_totals.total_spent,
        cast(order_totals.total_spent as double) / cast(order_totals.total_orders as double) as avg_order_value,
        order_totals.first_order_date,
        order_totals.last_order_date
    from order_totals
    left join customers on customers.customer_id = order_totals.customer_id
)

select * from analytics
