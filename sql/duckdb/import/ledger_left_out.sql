-- One row per reason why orders are left out or rejected: their number, their total, and their customers.
with left_out as (
    select
        reason,
        count(*) as orders,
        coalesce(sum(total_amount), 0) as amount,
        count(distinct customer_id) as customers,
        min(cast(order_date as date)) as first_day,
        max(cast(order_date as date)) as last_day
    from staging.checked_orders
    where reason is not null
    group by reason
)

select
    reason,
    orders,
    cast(amount as varchar) as amount,
    customers,
    cast(first_day as varchar) as first_day,
    cast(last_day as varchar) as last_day
from left_out
order by orders desc, reason
