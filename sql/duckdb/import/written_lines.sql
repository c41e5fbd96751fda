-- One row: how many order lines are staged, and how many of them were written.
with staged_lines as (
    select count(*) as staged
    from staging.order_items
),

written_lines as (
    select count(*) as written
    from raw.order_items
),

line_counts as (
    select *
    from staged_lines
    cross join written_lines
)

select * from line_counts
