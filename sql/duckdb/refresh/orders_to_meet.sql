-- One row per nearby order that new rows can change: those that they are about, and all of customers who get something back. And
-- one more of every customer, so that an import knows that the customer has orders.
with others as (
    select min(order_id) as order_id
    from earlier.nearby_orders
    where order_id not in (select renewed_orders.order_id from renewed_orders)
    group by customer_id
)

select * exclude (place)
from earlier.nearby_orders
where
    order_id in (select renewed_orders.order_id from renewed_orders)
    or order_id in (select others.order_id from others)
    or cast(customer_id as varchar) in (select refunds.customer_id from current.raw.refunds)
