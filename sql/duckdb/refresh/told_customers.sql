-- One row per customer's id that new rows name, or rows of touched orders: as it is written, and an e-mail address also in lower case.
with told as (
    select customer_id from log_new_orders
    union
    select customer_id from log_new_order_items
    union
    select customer_id from log_earlier_orders where order_id in (select order_id from log_touched_orders)
    union
    select customer_id from log_earlier_order_items where order_id in (select order_id from log_touched_orders)
    union
    select customer_id from log_new_customers
    union
    select person_id from log_new_customers
),

written as (
    select trim(customer_id) as customer_id from told
    union
    select lower(trim(customer_id)) from told
)

select * from written
where customer_id is not null
