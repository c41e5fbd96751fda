-- One row per order, in the files or staying, whose number is used by several orders: its id, and the number.
with order_numbers as (
    select order_id, number
    from staging.file_orders
    where is_sale and order_id <> number
    union
    select order_id, number
    from staging.staying_orders
    where order_id <> number
)

select * from order_numbers
