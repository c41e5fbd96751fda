-- One row per table and reason: how many rows were rejected for it, and whether they were understood and left out for
-- their meaning.
with reasons as (
    select 'orders' as table_name, reason from staging.checked_orders
    union all
    select 'customers', reason from staging.checked_customers
    union all
    select 'product_catalog', reason from staging.checked_product_catalog
    union all
    select file_table, reason from staging.bad_lines
    union all
    select file_table, reason from staging.no_records
),

reject_reasons as (
    select table_name, reason, count(*) as row_count
    from reasons
    where reason is not null
    group by table_name, reason
    union all
    select 'order_items', reason, row_count
    from staging.line_reasons
    where reason is not null
)

select *, is_understood(reason) as is_understood
from reject_reasons
order by table_name, row_count desc, reason
