-- One row per order that new rows of the log are about, or whose day has come since the refresh before.
-- Values bound: the day of the refresh before; today.
with lines_before as (
    select log_earlier_order_items.order_id
    from log_earlier_order_items
    inner join log_new_order_items on log_new_order_items.order_item_id = log_earlier_order_items.order_item_id
),

returns_before as (
    select log_earlier_returns.order_id
    from log_earlier_returns
    inner join log_new_returns on log_new_returns.return_id = log_earlier_returns.return_id
),

touched as (
    select order_id from log_new_orders
    union
    select order_id from log_new_order_items
    union
    select order_id from lines_before
    union
    select order_id from log_new_returns
    union
    select order_id from returns_before
    union
    select order_id
    from log_earlier_orders
    where try_cast(left(order_date, 10) as date) > cast(? as date) and try_cast(left(order_date, 10) as date) <= cast(? as date)
)

select * from touched
