-- One row per order line of the previous snapshot whose order still exists, has the same customer, and has no lines in
-- the files.
with kept as (
    select
        -- An id that an import made begins with that of its order.
        case
            when starts_with(lines.order_item_id, lasting_orders.earlier_id || '-')
                then lasting_orders.order_id || substr(lines.order_item_id, length(lasting_orders.earlier_id) + 1)
            else lines.order_item_id
        end as order_item_id,
        lasting_orders.order_id,
        cast(lines.product_id as varchar) as product_id,
        lines.product_name,
        lines.product_category,
        lines.quantity,
        lines.unit_price,
        lines.line_total
    from earlier.raw.order_items as lines
    inner join staging.lasting_orders on lasting_orders.earlier_id = lines.order_id
)

select * from kept
