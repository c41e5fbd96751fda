-- One row per row of a file that is not used: table, line, reason and content. Of orders and of lines at most 100,000 for each
-- reason: in a large shop millions of lines belong to cancelled orders, and a file of all of them fills the disk.
with order_reasons as (
    select
        checked_orders.row_number,
        checked_orders.reason
    from staging.checked_orders
    where checked_orders.reason is not null
    qualify row_number() over (
        partition by checked_orders.reason
        order by checked_orders.row_number
    ) <= 100000
),

orders as (
    select
        'orders' as file_table,
        source.row_number,
        order_reasons.reason,
        cast(to_json(source) as varchar) as content
    from order_reasons
    inner join staging.orders_as_text as source on source.row_number = order_reasons.row_number
),

item_reasons as (
    select
        resolved_order_items.row_number,
        resolved_order_items.reason
    from staging.resolved_order_items
    where resolved_order_items.reason is not null
    qualify row_number() over (
        partition by resolved_order_items.reason
        order by resolved_order_items.row_number
    ) <= 100000
),

order_items as (
    select
        'order_items' as file_table,
        source.row_number,
        item_reasons.reason,
        cast(to_json(source) as varchar) as content
    from item_reasons
    inner join staging.order_items_as_text as source on source.row_number = item_reasons.row_number
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

-- A bad line's own number is known; so is how many good rows come before it in its file, apart from the header.
bad_lines as (
    select
        bad_lines.file_table,
        bad_lines.file_number,
        line - files.lines_before_header - 1
        - row_number() over (partition by bad_lines.file_table, bad_lines.file_number order by line) as rows_before,
        line,
        bad_lines.reason,
        bad_lines.content
    from staging.bad_lines
    inner join staging.files
        on files.file_table = bad_lines.file_table and files.file_number = bad_lines.file_number
),

rejected_rows as (
    select * from orders
    union all
    select * from order_items
    union all
    select * from customers
    union all
    select * from products
    union all
    select file_table, row_number, reason, content from staging.no_records
),

-- Row numbers count on over the files of a table; here each file's rows begin with 1.
rows_of_files as (
    select
        rejected_rows.file_table,
        files.file_number,
        rejected_rows.row_number - files.rows_before as row_number,
        rejected_rows.reason,
        rejected_rows.content
    from rejected_rows
    inner join staging.files
        on
            files.file_table = rejected_rows.file_table
            and rejected_rows.row_number > files.rows_before
            and rejected_rows.row_number <= files.rows_before + files.row_count
),

placed as (
    select
        file_table,
        file_number,
        row_number,
        cast(null as bigint) as line,
        0 as is_bad_line,
        row_number as position,
        reason,
        content
    from rows_of_files
    union all
    select
        file_table,
        file_number,
        null,
        line,
        1,
        rows_before + 0.5,
        reason,
        content
    from bad_lines
),

-- In a file without line ends inside its values, a row's line follows from the bad lines before it.
numbered as (
    select
        placed.file_table,
        placed.file_number,
        files.file_name,
        case
            when placed.line is not null then placed.line
            when files.has_one_line_rows
                then
                    placed.row_number + files.lines_before_header + 1 + sum(placed.is_bad_line) over (
                        partition by placed.file_table, placed.file_number
                        order by placed.position
                        rows between unbounded preceding and current row
                    )
        end as line,
        placed.row_number,
        placed.reason,
        placed.content
    from placed
    left join staging.files on files.file_table = placed.file_table and files.file_number = placed.file_number
)

select
    file_table,
    file_number,
    spreadsheet_text(file_name) as file,
    line,
    row_number as row,
    reason,
    spreadsheet_text(clean_text(content, 2000)) as content
from numbered
