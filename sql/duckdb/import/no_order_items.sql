-- No row, with the columns of sql/duckdb/import/order_items.sql: the lines of a shop that has none. To prepare the checks of lines
-- takes longer than to import a small shop.
select
    cast(null as bigint) as row_number,
    cast(null as varchar) as order_item_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as product_id,
    cast(null as varchar) as product_name,
    cast(null as varchar) as product_category,
    cast(null as varchar) as customer_id,
    cast(null as varchar) as order_status,
    cast(null as varchar) as meaning,
    cast(null as varchar) as currency,
    cast(null as timestamp) as order_date,
    cast(null as boolean) as has_date,
    cast(null as decimal(18, 4)) as quantity,
    cast(null as decimal(18, 4)) as unit_price,
    cast(null as decimal(18, 4)) as line_total,
    cast(null as decimal(18, 4)) as order_total,
    cast(null as decimal(18, 4)) as refunded_amount,
    cast([] as varchar []) as attributes,
    cast(null as varchar) as reason
where false
