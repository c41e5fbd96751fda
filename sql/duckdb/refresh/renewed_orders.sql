-- One row per nearby order of the previous snapshot whose lines an import reads: those whose number new rows are about, and all of
-- customers whom new lines give something back, because that is taken off their latest order of the same product. Lines of the
-- others stay as they are.
with lines_back as (
    select order_id, customer_id
    from log_new_order_items
    where gives_back(quantity, unit_price, line_total)
    union all
    select order_id, customer_id
    from log_earlier_order_items
    where
        order_id in (select log_touched_orders.order_id from log_touched_orders)
        and gives_back(quantity, unit_price, line_total)
),

named as (
    select trim(customer_id) as customer_id from lines_back
    union
    select trim(customer_id) from log_new_orders where order_id in (select lines_back.order_id from lines_back)
    union
    select trim(customer_id) from log_earlier_orders where order_id in (select lines_back.order_id from lines_back)
),

written as (
    select customer_id from named
    union
    select lower(customer_id) from named
),

persons as (
    select customer_id from written
    union
    select person_id from earlier.raw.persons where customer_id in (select written.customer_id from written)
    union
    select trim(person_id) from log_new_customers where trim(customer_id) in (select written.customer_id from written)
),

customers as (
    select customer_id from persons
    union
    select lower(customer_id) from persons
)

select orders.order_id
from earlier.nearby_orders as orders
left join current.raw.order_numbers on order_numbers.order_id = orders.order_id
where
    coalesce(order_numbers.number, orders.order_id) in (select order_id from log_touched_orders)
    or cast(orders.customer_id as varchar) in (select customers.customer_id from customers where customers.customer_id is not null)
