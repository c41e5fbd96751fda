-- One row per customer whose rows new rows can change, of the type that the shop's ids have (the macro shop_customer_id): those that
-- the rows name, their persons, and those whose orders have the number of a touched order.
with by_number as (
    select orders.customer_id
    from earlier.raw.orders
    where orders.order_id in (select order_id from log_touched_orders)
    union
    select orders.customer_id
    from earlier.raw.order_numbers
    inner join earlier.raw.orders on orders.order_id = order_numbers.order_id
    where order_numbers.number in (select order_id from log_touched_orders)
),

told as (
    select customer_id from log_told_customers
    union
    select person_id
    from earlier.raw.persons
    where customer_id in (select log_told_customers.customer_id from log_told_customers)
),

nearby as (
    select customer_id from by_number
    union
    select shop_customer_id(told.customer_id) from told
)

select * from nearby
where customer_id is not null
