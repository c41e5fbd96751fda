-- One row per order of a warehouse that counts: with an id, a customer and a day, which is no later than tomorrow. An id that
-- occurs again is the same order, of which the newest row counts.
select orders.*
from blank_orders as orders
where
    orders.order_id is not null
    and orders.customer_id is not null
    and cast(orders.order_date as date) <= blank_last_day
qualify row_number() over (
    partition by orders.order_id
    order by orders.order_date desc, orders.customer_id, orders.total_amount desc nulls last, orders.order_status nulls last
) = 1
