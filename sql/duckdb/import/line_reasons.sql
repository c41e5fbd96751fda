-- One row per reason why order lines are rejected, NULL for those that are usable: how many lines.
with unused as (
    select
        reason,
        count(*) as row_count
    from staging.unused_lines
    group by reason
),

staged as (
    select count(*) as row_count
    from staging.order_items
),

line_reasons as (
    select reason, row_count
    from unused
    union all
    select null, row_count - (select coalesce(sum(unused.row_count), 0) from unused)
    from staged
)

select * from line_reasons
