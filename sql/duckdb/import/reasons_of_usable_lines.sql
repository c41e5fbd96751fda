-- One row: as sql/duckdb/import/line_reasons.sql if every staged line was written, so that none has a reason.
with line_reasons as (
    select
        cast(null as varchar) as reason,
        count(*) as row_count
    from staging.order_items
)

select * from line_reasons
