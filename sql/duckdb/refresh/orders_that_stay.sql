-- One row per nearby order that no import read.
select * exclude (place)
from earlier.nearby_orders
where order_id not in (select orders.order_id from earlier.raw.orders)
