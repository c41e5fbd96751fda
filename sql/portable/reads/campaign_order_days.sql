-- One row per customer and day with orders after the contacts of a campaign went out, up to the last day that counts, by
-- customer_id and day: orders of the day and what they came to. days_since counts from the day of the contacts.
-- Values: the day of the contacts, the last day that counts.
-- Amounts are summed as decimals: sums of doubles would depend on the order in which threads add them up.
with parameters as (
    select
        cast(? as date) as contacted_on,
        cast(? as date) as last_day
),

orders as (
    select
        customer_id,
        cast(order_date as date) as order_day,
        cast(coalesce(total_amount, 0) as decimal(38, 4)) as amount
    from raw.orders
),

days as (
    select
        orders.customer_id,
        datediff('day', parameters.contacted_on, orders.order_day) as days_since,
        cast(count(*) as double) as orders,
        cast(sum(orders.amount) as double) as spent
    from orders
    cross join parameters
    where orders.order_day > parameters.contacted_on and orders.order_day <= parameters.last_day
    group by orders.customer_id, datediff('day', parameters.contacted_on, orders.order_day)
)

select
    customer_id,
    cast(days_since as double) as days_since,
    orders,
    spent
from days
order by customer_id, days_since
