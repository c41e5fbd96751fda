-- One row per day on which a customer ordered, by order_day, the latest 200 days: how many orders, and what they came to.
-- Values: the customer's id as text, the last day that counts.
-- Amounts are summed as decimals: sums of doubles would depend on the order in which threads add them up.
with parameters as (
    select
        cast(? as varchar) as customer_id,
        cast(? as date) as last_day
),

orders as (
    select
        cast(customer_id as varchar) as customer_id,
        cast(order_date as date) as order_day,
        cast(coalesce(total_amount, 0) as decimal(38, 4)) as amount
    from raw.orders
),

days as (
    select
        orders.order_day,
        count(*) as orders,
        sum(orders.amount) as amount
    from orders
    inner join parameters
        on orders.customer_id = parameters.customer_id and orders.order_day <= parameters.last_day
    group by orders.order_day
),

latest as (
    select * from days
    qualify row_number() over (order by order_day desc) <= 200
)

select
    cast(order_day as varchar) as order_day,
    cast(orders as integer) as orders,
    cast(amount as double) as amount
from latest
order by order_day
