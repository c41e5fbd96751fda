-- One row per order that the last file holding it takes back (cancelled, refunded, failed in all of its rows there), while an earlier
-- file sold it: the reason, and the customer and time there, which may be missing.
with rows_of_files as (
    select
        checked.order_id,
        checked.customer_id,
        checked.order_date,
        checked.reason,
        files.file_number
    from staging.checked_orders as checked
    inner join staging.files
        on files.file_table = 'orders'
        and checked.row_number > files.rows_before
        and checked.row_number <= files.rows_before + files.row_count
    where checked.order_id is not null
),

orders_of_files as (
    select
        order_id,
        file_number,
        min(reason) as reason,
        min(customer_id) as customer_id,
        min(order_date) as order_date,
        bool_or(reason is null) as is_sold,
        bool_and(coalesce(reason in ('no sale: cancelled', 'no sale: refunded', 'no sale: failed'), false)) as is_taken_back
    from rows_of_files
    group by order_id, file_number
),

taken_back as (
    select
        order_id,
        arg_max(reason, file_number) as reason,
        arg_max_null(customer_id, file_number) as customer_id,
        arg_max_null(order_date, file_number) as order_date
    from orders_of_files
    group by order_id
    having arg_max(is_taken_back, file_number) and bool_or(is_sold)
)

select * from taken_back
