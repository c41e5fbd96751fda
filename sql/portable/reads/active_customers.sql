-- Customers with an order within some days up to a day: one row per customer. Values: the day, the number of days.
-- The same customers whose days_since_last_order as of the day is less than the number.
with parameters as (
    select
        cast(? as date) as as_of_date,
        cast(? as integer) as active_days
),

orders as (
    select * from raw.orders
),

active_customers as (
    select distinct orders.customer_id
    from orders
    cross join parameters
    where cast(orders.order_date as date) <= parameters.as_of_date
        and datediff('day', cast(orders.order_date as date), parameters.as_of_date) < parameters.active_days
)

select * from active_customers
