-- One row per usable order, before anything is taken off. Repeated rows of one order say the same, so any of them will do.
select
    order_id,
    min(customer_id) as customer_id,
    min(order_date) as order_date,
    min(order_status) as order_status,
    greatest(min(total_amount), 0) as total_amount,
    min(discount_percent) as discount_percent,
    min(shipping_cost) as shipping_cost
from staging.checked_orders
where reason is null
group by order_id
