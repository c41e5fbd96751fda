-- One row per order line of the previous snapshot whose order still exists, has the same customer, and has no lines in
-- the files.
with kept as (
    select
        lines.order_item_id,
        lines.order_id,
        cast(lines.product_id as varchar) as product_id,
        lines.product_name,
        lines.product_category,
        lines.quantity,
        lines.unit_price,
        lines.line_total
    from earlier.raw.order_items as lines
    inner join earlier.raw.orders as orders_before on orders_before.order_id = lines.order_id
    inner join raw.orders
        on orders.order_id = lines.order_id
        and cast(orders.customer_id as varchar) = cast(orders_before.customer_id as varchar)
    where lines.order_id not in (select order_id from staging.orders_with_lines)
)

select * from kept
