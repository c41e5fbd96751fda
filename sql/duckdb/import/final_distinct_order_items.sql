-- One row per usable order line, if every line has a unique id: as sql/duckdb/import/final_order_items.sql, without
-- looking for lines that repeat one. Lines stay in the order of the files: no statement looks for single lines, and sorting
-- tens of millions of them took a fifth of an import.
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
