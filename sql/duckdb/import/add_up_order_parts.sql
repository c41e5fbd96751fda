-- Each usable row of an order on several rows gets what the order has as a whole: the sum of the amounts, the earliest time.
update staging.checked_orders
set
    total_amount = whole.total_amount,
    order_date = whole.order_date,
    discount_percent = whole.discount_percent,
    shipping_cost = whole.shipping_cost
from (
    select
        order_id,
        customer_id,
        cast(sum(total_amount) as decimal(18, 4)) as total_amount,
        min(order_date) as order_date,
        max(discount_percent) as discount_percent,
        max(shipping_cost) as shipping_cost
    from staging.checked_orders
    where reason is null
    group by order_id, customer_id
    having count(*) > 1
) as whole
where
    checked_orders.reason is null
    and whole.order_id = checked_orders.order_id
    and whole.customer_id = checked_orders.customer_id
