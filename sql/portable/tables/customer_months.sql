-- What each customer bought by month: one row per customer and month with an order up to the as-of date.
-- order_month is the first day of the month. first_order_month is the same for all rows of a customer.
-- last_order_date is the last day with an order in the month.
with parameters as (
    select cast(? as date) as as_of_date
),

orders as (
    select
        orders.customer_id,
        cast(date_trunc('month', cast(orders.order_date as date)) as date) as order_month,
        cast(orders.order_date as date) as order_day,
        orders.total_amount
    from raw.orders as orders
    cross join parameters
    where cast(orders.order_date as date) <= parameters.as_of_date
),

months as (
    select
        customer_id,
        order_month,
        max(order_day) as last_order_date,
        cast(count(*) as integer) as total_orders,
        cast(sum(total_amount) as numeric(38, 4)) as total_spent
    from orders
    group by customer_id, order_month
),

customer_months as (
    select
        customer_id,
        order_month,
        min(order_month) over (partition by customer_id) as first_order_month,
        last_order_date,
        total_orders,
        total_spent
    from months
)

select * from customer_months
