-- One row per nearby order whose lines no import reads: they stay as they are.
select order_id
from earlier.nearby_orders
where order_id not in (select renewed_orders.order_id from renewed_orders)
