-- One row per order whose usable rows differ, at most four, in order of the id. A status may differ: an order that was paid
-- and then shipped is the same.
with usable as (
    select
        order_id,
        concat_ws(
            chr(31),
            customer_id,
            cast(order_date as varchar),
            cast(total_amount as varchar),
            coalesce(cast(discount_percent as varchar), chr(30)),
            coalesce(cast(shipping_cost as varchar), chr(30))
        ) as content
    from staging.checked_orders
    where reason is null
),

conflicting as (
    select order_id
    from usable
    group by order_id
    having min(content) <> max(content)
    order by order_id
    limit 4
)

select * from conflicting
