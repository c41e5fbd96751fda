-- One row per line of a touched order as an import reads it.
with fed as (
    select
        * replace (
            try_cast(left(replace(order_date, 'T', ' '), 19) as timestamp) as order_date,
            try_cast(quantity as decimal(18, 4)) as quantity,
            try_cast(unit_price as decimal(18, 4)) as unit_price,
            try_cast(line_discount as decimal(18, 4)) as line_discount,
            try_cast(line_total as decimal(18, 4)) as line_total,
            try_cast(order_total as decimal(18, 4)) as order_total,
            try_cast(refunded_amount as decimal(18, 4)) as refunded_amount
        )
    from ingest.order_items
    where order_id in (select order_id from log_touched_orders)
)

select * from fed
order by order_id, order_item_id
