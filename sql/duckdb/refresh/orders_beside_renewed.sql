-- One row per nearby order whose lines no import reads, of customers of whom it reads others.
with customers as (
    select customer_id
    from earlier.nearby_orders
    where order_id in (select renewed_orders.order_id from renewed_orders)
)

select order_id
from earlier.nearby_orders
where
    customer_id in (select customers.customer_id from customers)
    and order_id not in (select renewed_orders.order_id from renewed_orders)
