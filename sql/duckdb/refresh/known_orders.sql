-- One row per touched order that only an import knows: its customer and time, of the latest use of its number.
select
    coalesce(order_numbers.number, orders.order_id) as order_id,
    cast(arg_max(orders.customer_id, orders.order_date) as varchar) as customer_id,
    max(orders.order_date) as order_date
from earlier.raw.orders
left join earlier.raw.order_numbers on order_numbers.order_id = orders.order_id
where coalesce(order_numbers.number, orders.order_id) in (select order_id from log_touched_orders)
group by coalesce(order_numbers.number, orders.order_id)
