-- One row per usable order line, if every line has a unique id: as sql/duckdb/import/final_order_items.sql, without
-- looking for lines that repeat one.
with final as (
    select
        order_item_id,
        order_id,
        product_id,
        product_name,
        product_category,
        quantity,
        unit_price,
        line_total
    from staging.used_order_items
    where not is_charge
)

select * from final
order by order_id, order_item_id
