-- One row per row of a file that was rejected: what, where, why, and what stands there.
with orders as (
    select
        'orders' as file_table,
        source.row_number,
        cast(null as bigint) as line,
        checked_orders.reason,
        to_json(source) as content
    from staging.checked_orders
    inner join staging.orders as source on source.row_number = checked_orders.row_number
    where checked_orders.reason is not null
),

order_items as (
    select
        'order_items' as file_table,
        source.row_number,
        cast(null as bigint) as line,
        resolved_order_items.reason,
        to_json(source) as content
    from staging.resolved_order_items
    inner join staging.order_items as source on source.row_number = resolved_order_items.row_number
    where resolved_order_items.reason is not null
),

customers as (
    select
        'customers' as file_table,
        source.row_number,
        cast(null as bigint) as line,
        checked_customers.reason,
        to_json(source) as content
    from staging.checked_customers
    inner join staging.customers as source on source.row_number = checked_customers.row_number
    where checked_customers.reason is not null
),

products as (
    select
        'product_catalog' as file_table,
        source.row_number,
        cast(null as bigint) as line,
        checked_product_catalog.reason,
        to_json(source) as content
    from staging.checked_product_catalog
    inner join staging.product_catalog as source on source.row_number = checked_product_catalog.row_number
    where checked_product_catalog.reason is not null
),

bad_lines as (
    select
        file_table,
        cast(null as bigint) as row_number,
        line,
        'damaged line: ' || lower(error_type) as reason,
        content
    from staging.bad_lines
),

rejected as (
    select * from orders
    union all
    select * from order_items
    union all
    select * from customers
    union all
    select * from products
    union all
    select * from bad_lines
)

select
    file_table,
    row_number,
    line,
    reason,
    clean_text(cast(content as varchar), 2000) as content
from rejected
order by file_table, row_number nulls last, line nulls last, reason
