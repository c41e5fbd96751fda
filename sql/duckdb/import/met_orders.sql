-- One row per order that counts, of a number that stands both in the files and in orders that stay: as
-- sql/duckdb/import/reused_order_rows.sql, with the id that it has so far.
with numbers as (
    select number from staging.file_orders
    intersect
    select number from staging.staying_orders
),

orders as (
    select true as is_in_files, order_id, number, customer_id, order_date
    from staging.file_orders
    where is_sale
    union all
    select false, order_id, number, customer_id, order_date
    from staging.staying_orders
),

met_orders as (
    select
        row_number() over (order by number, order_date, customer_id, order_id) as row_number,
        is_in_files,
        order_id as id_so_far,
        number as order_id,
        customer_id,
        order_date,
        0 as amount
    from orders
    where number in (select numbers.number from numbers)
)

select * from met_orders
