-- No row, with the columns of sql/duckdb/import/product_catalog.sql: without a file of products there is nothing to check.
select
    cast(null as bigint) as row_number,
    cast(null as varchar) as product_id,
    cast(null as varchar) as product_name,
    cast(null as varchar) as product_category,
    cast(null as varchar) as description,
    cast(null as varchar) as features,
    cast(null as decimal(18, 4)) as price,
    cast(null as integer) as stock_quantity,
    cast(null as boolean) as is_repeated,
    cast(null as varchar) as reason
where false
