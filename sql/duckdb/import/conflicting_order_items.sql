-- One row per id that two different order lines of an order share, at most four, in order of the id.
with usable as (
    select
        order_id,
        order_item_id,
        concat_ws(
            chr(31),
            product_id,
            coalesce(product_name, chr(30)),
            coalesce(product_category, chr(30)),
            cast(quantity as varchar),
            coalesce(cast(unit_price as varchar), chr(30)),
            coalesce(cast(line_total as varchar), chr(30))
        ) as content
    from staging.checked_order_items
    where reason is null and order_item_id is not null
),

conflicting as (
    select
        order_id,
        order_item_id
    from usable
    group by order_id, order_item_id
    having min(content) <> max(content)
    order by order_id, order_item_id
    limit 4
)

select order_item_id from conflicting
