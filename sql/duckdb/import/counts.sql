-- One row per table: rows read, rows that are usable, and rows kept after repeated ones are merged. What stays of the previous
-- snapshot is none of these.
with lines_apart as (
    select file_table from staging.bad_lines
    union all
    select file_table from staging.no_records
),

bad_line_counts as (
    select file_table, count(*) as bad_lines
    from lines_apart
    group by file_table
),

earlier_lines as (
    select count(*) as row_count
    from (
        select order_id from raw.order_items
        union all
        select order_id from raw.charges
    ) as lines
    semi join staging.lasting_orders on lasting_orders.order_id = lines.order_id
),

table_counts as (
    select
        'orders' as table_name,
        count(*) as checked,
        count_if(reason is null) as usable,
        (select count(*) from raw.orders) - (select count(*) from staging.staying_orders) as kept
    from staging.checked_orders
    union all
    select
        'order_items',
        coalesce(sum(row_count), 0),
        coalesce(sum(case when reason is null then row_count end), 0),
        (select count(*) from raw.order_items) + (select count(*) from raw.charges) - (select row_count from earlier_lines)
    from staging.line_reasons
    union all
    select 'customers', count(*), count_if(reason is null), count_if(reason is null and not is_repeated)
    from staging.checked_customers
    union all
    select 'product_catalog', count(*), count_if(reason is null), count_if(reason is null and not is_repeated)
    from staging.checked_product_catalog
),

counts as (
    select
        table_name,
        checked + coalesce(bad_lines, 0) as rows_read,
        usable,
        kept
    from table_counts
    left join bad_line_counts on bad_line_counts.file_table = table_counts.table_name
)

select * from counts
