-- One row per charge of the previous snapshot: as sql/duckdb/import/kept_order_items.sql.
with kept as (
    select lines.* replace (lasting_orders.order_id as order_id)
    from earlier.raw.charges as lines
    inner join staging.lasting_orders on lasting_orders.earlier_id = lines.order_id
)

select * from kept
