-- One row per row of a file that was rejected: what, where, why, and what stands there.
with orders as (
    select
        'orders' as file_table,
        source.row_number,
        checked_orders.reason,
        cast(to_json(source) as varchar) as content
    from staging.checked_orders
    inner join staging.orders_as_text as source on source.row_number = checked_orders.row_number
    where checked_orders.reason is not null
),

order_items as (
    select
        'order_items' as file_table,
        source.row_number,
        resolved_order_items.reason,
        cast(to_json(source) as varchar) as content
    from staging.resolved_order_items
    inner join staging.order_items_as_text as source on source.row_number = resolved_order_items.row_number
    where resolved_order_items.reason is not null
),

customers as (
    select
        'customers' as file_table,
        source.row_number,
        checked_customers.reason,
        cast(to_json(source) as varchar) as content
    from staging.checked_customers
    inner join staging.customers_as_text as source on source.row_number = checked_customers.row_number
    where checked_customers.reason is not null
),

products as (
    select
        'product_catalog' as file_table,
        source.row_number,
        checked_product_catalog.reason,
        cast(to_json(source) as varchar) as content
    from staging.checked_product_catalog
    inner join staging.product_catalog_as_text as source on source.row_number = checked_product_catalog.row_number
    where checked_product_catalog.reason is not null
),

-- A damaged line's own number is known; so is how many good rows stand before it, the header apart.
bad_lines as (
    select
        file_table,
        line - 1 - row_number() over (partition by file_table order by line) as rows_before,
        line,
        'damaged line: ' || lower(error_type) as reason,
        content
    from staging.bad_lines
),

rejected_rows as (
    select * from orders
    union all
    select * from order_items
    union all
    select * from customers
    union all
    select * from products
),

placed as (
    select file_table, row_number, cast(null as bigint) as line, 0 as is_bad_line, row_number as place, reason, content
    from rejected_rows
    union all
    select file_table, null, line, 1, rows_before + 0.5, reason, content
    from bad_lines
),

-- In a file without line ends inside its values, a row's line follows from the damaged lines before it.
numbered as (
    select
        placed.file_table,
        files.file_name,
        case
            when placed.line is not null then placed.line
            when files.has_one_line_rows
                then
                    placed.row_number + 1 + sum(placed.is_bad_line) over (
                        partition by placed.file_table
                        order by placed.place
                        rows between unbounded preceding and current row
                    )
        end as line,
        placed.row_number,
        placed.reason,
        placed.content
    from placed
    left join staging.files on files.file_table = placed.file_table
)

select
    file_name as file,
    line,
    row_number as row,
    reason,
    clean_text(content, 2000) as content
from numbered
order by file_table, line nulls last, row_number nulls last, reason
