-- One row per order, or line of one, that the last file holding it takes back (cancelled, refunded, failed in all of its rows
-- there), while an earlier file sold it: the reason, and the customer and time there, which may be missing.
with orders_of_files as (
    select
        order_id,
        line_id,
        file_number,
        min(reason) as reason,
        min(customer_id) as customer_id,
        min(order_date) as order_date,
        bool_or(reason is null) as is_sold,
        bool_and(coalesce(reason in ('no sale: cancelled', 'no sale: refunded', 'no sale: failed'), false)) as is_taken_back
    from staging.rows_by_file
    group by order_id, line_id, file_number
),

taken_back as (
    select
        order_id,
        line_id,
        arg_max(reason, file_number) as reason,
        arg_max_null(customer_id, file_number) as customer_id,
        arg_max_null(order_date, file_number) as order_date
    from orders_of_files
    group by order_id, line_id
    having arg_max(is_taken_back, file_number) and bool_or(is_sold)
)

select * from taken_back
