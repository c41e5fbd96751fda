-- One row per row of a file that is not used: table, row and reason. Of orders and of lines at most 100,000 for each
-- reason: in a large shop millions of lines belong to cancelled orders, and a file of all of them fills the disk.
with orders as (
    select row_number, reason
    from staging.checked_orders
    where reason is not null
    qualify row_number() over (partition by reason order by row_number) <= 100000
),

order_items as (
    select row_number, reason
    from staging.unused_lines
    qualify row_number() over (partition by reason order by row_number) <= 100000
),

rejects as (
    select 'orders' as file_table, row_number, reason from orders
    union all
    select 'order_items', row_number, reason from order_items
    union all
    select 'customers', row_number, reason from staging.checked_customers where reason is not null
    union all
    select 'product_catalog', row_number, reason from staging.checked_product_catalog where reason is not null
)

select * from rejects
