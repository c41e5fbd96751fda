-- One row per checked order line, without those that repeat a line: the same id in the same order, of the same customer and day.
with numbered as (
    select
        *,
        row_number() over (
            partition by order_id, order_item_id, customer_id, order_date
            order by row_number
        ) as occurrence
    from staging.checked_order_items
),

lines_once as (
    select * exclude (occurrence)
    from numbered
    where occurrence = 1 or reason is not null or order_item_id is null
)

select * from lines_once
