-- One row: as sql/duckdb/import/order_item_ids.sql, over all checked lines, usable or not: faster, because it needs no
-- reasons. If this is true, the other is true too.
with keyed as (
    select case when order_item_id is not null then hash(order_id, order_item_id) end as key
    from staging.checked_order_items
),

repeated as (
    select key
    from keyed
    group by key
    having key is null or count(*) > 1
    limit 1
)

select count(*) = 0 as all_distinct from repeated
