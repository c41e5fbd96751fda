-- One row per touched order that gave something back as the log told it before, with its time. A refund that the log does not tell
-- any more is none.
with told as (
    select order_id
    from log_earlier_returns
    union
    select order_id
    from log_earlier_orders
    where try_cast(total_amount as double) < 0
    union
    select order_id
    from log_earlier_order_items
    where gives_back(quantity, unit_price, line_total)
)

select
    told.order_id,
    coalesce(
        try_cast(left(replace(log_earlier_orders.order_date, 'T', ' '), 19) as timestamp), known.order_date
    ) as order_date
from told
left join log_earlier_orders on log_earlier_orders.order_id = told.order_id
left join log_known_orders as known on known.order_id = told.order_id
where told.order_id in (select log_touched_orders.order_id from log_touched_orders)
