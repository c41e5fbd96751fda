-- One row per reason why order lines are rejected, NULL for those that are usable: how many lines.
with line_reasons as (
    select
        reason,
        count(*) as row_count
    from staging.resolved_order_items
    group by reason
)

select * from line_reasons
