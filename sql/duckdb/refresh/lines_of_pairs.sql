-- One row per nearby customer and product: a line in place of all of them, of any order of the customer.
with orders as (
    select
        customer_id,
        min(order_id) as order_id
    from next.raw.orders
    group by customer_id
)

select
    orders.order_id,
    pairs.total_spent as line_total
from next.interactive.purchased_pairs as pairs
inner join orders on orders.customer_id = pairs.customer_id
