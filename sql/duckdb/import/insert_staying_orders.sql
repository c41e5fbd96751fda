insert into staging.staying_orders
select
    orders.order_id,
    orders.order_id,
    coalesce(order_numbers.number, orders.order_id),
    cast(orders.customer_id as varchar),
    orders.order_date
from earlier.raw.orders
left join earlier.raw.order_numbers on order_numbers.order_id = orders.order_id
where orders.order_id not in (select order_id from staging.corrected_orders)
