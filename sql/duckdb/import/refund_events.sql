-- One row per refund (its amount negative) and per order of a customer with refunds, in order of
-- time. Amounts are in ten-thousandths.
with events as (
    select
        customer_id,
        order_id,
        order_date,
        cast(amount * 10000 as bigint) as amount,
        cast(null as varchar) as wanted_order_id
    from staging.open_orders
    union all
    select customer_id, order_id, order_date, -cast(amount * 10000 as bigint), wanted_order_id
    from staging.refunds
)

select
    customer_id,
    order_id,
    amount,
    wanted_order_id
from events
order by customer_id, order_date, amount < 0, order_id, amount
