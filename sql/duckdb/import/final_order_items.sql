-- One row per usable order line. Lines without an id are numbered within their order by what they hold; lines with
-- the same id are equal, so one of them is kept.
with usable as (
    select
        *,
        row_number() over (
            partition by order_id
            order by
                product_id, quantity, unit_price nulls last, line_total nulls last,
                product_name nulls last, product_category nulls last, row_number
        ) as line_number
    from staging.used_order_items
    where not is_charge
),

identified as (
    select
        coalesce(order_item_id, order_id || '-' || line_number) as order_item_id,
        order_id,
        product_id,
        product_name,
        product_category,
        quantity,
        unit_price,
        line_total,
        case
            when order_item_id is null then 1
            else row_number() over (partition by order_id, order_item_id order by line_number)
        end as occurrence
    from usable
),

final as (
    select * exclude (occurrence)
    from identified
    where occurrence = 1
)

select * from final
order by order_id, order_item_id
