-- One row per order of the previous snapshot: its id then, its number in the files, its customer as the files write ids, its
-- time.
select
    orders.order_id,
    coalesce(order_numbers.number, orders.order_id) as number,
    cast(orders.customer_id as varchar) as customer_id,
    orders.order_date
from earlier.raw.orders
left join earlier.raw.order_numbers on order_numbers.order_id = orders.order_id
