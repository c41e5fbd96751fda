-- One row per charge of the previous snapshot: as sql/duckdb/import/kept_order_items.sql.
with kept as (
    select lines.*
    from earlier.raw.charges as lines
    inner join earlier.raw.orders as orders_before on orders_before.order_id = lines.order_id
    inner join raw.orders
        on orders.order_id = lines.order_id
        and cast(orders.customer_id as varchar) = cast(orders_before.customer_id as varchar)
    where lines.order_id not in (select order_id from staging.orders_with_lines)
)

select * from kept
