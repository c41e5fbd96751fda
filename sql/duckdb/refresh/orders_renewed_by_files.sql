-- One row per nearby order of the previous snapshot whose lines an import of files reads: those that rows are about, and all of
-- customers whom rows give something back, because that is of their latest order of the same product.
with given_back as (
    select distinct customer_id
    from staging.checked_orders
    where
        customer_id is not null
        and order_id in (select refunds.order_id from staging.checked_orders as refunds where refunds.total_amount < 0)
)

select orders.order_id
from earlier.nearby_orders as orders
left join current.raw.order_numbers on order_numbers.order_id = orders.order_id
where
    coalesce(order_numbers.number, orders.order_id) in (select log_touched_orders.order_id from log_touched_orders)
    or cast(orders.customer_id as varchar) in (select given_back.customer_id from given_back)
