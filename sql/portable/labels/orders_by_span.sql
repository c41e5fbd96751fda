-- One row per order, with its span: 0 for the days that end with the last day, 1 for those before them, and so on; the highest is
-- for all days before the last spans, and −1 for those after the last day. Values: the last day, the days of a span, how many spans.
with parameters as (
    select
        cast(? as date) as last_day,
        cast(? as integer) as span_days,
        cast(? as integer) as spans
)

select
    orders.order_id,
    orders.customer_id,
    cast(orders.order_date as date) as order_day,
    greatest(
        -1,
        least(
            parameters.spans,
            cast(
                floor(
                    cast(datediff('day', cast(orders.order_date as date), parameters.last_day) as double)
                    / parameters.span_days
                ) as integer
            )
        )
    ) as span
from raw.orders as orders
cross join parameters
