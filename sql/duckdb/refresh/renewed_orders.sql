-- One row per nearby order of the previous snapshot whose number new rows are about. Lines of the others stay as they are.
select orders.order_id
from earlier.raw.orders
left join earlier.raw.order_numbers on order_numbers.order_id = orders.order_id
where coalesce(order_numbers.number, orders.order_id) in (select order_id from log_touched_orders)
