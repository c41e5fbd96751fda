-- One row per customer with lines: a line in place of all of them, of any of the customer's orders. What a customer spent on lines
-- is the sum of the customer's pairs.
with orders as (
    select
        customer_id,
        min(order_id) as order_id
    from raw.orders
    group by customer_id
),

spent as (
    select
        customer_id,
        sum(total_spent) as line_total
    from interactive.purchased_pairs
    group by customer_id
)

select
    orders.order_id,
    spent.line_total
from spent
inner join orders on orders.customer_id = spent.customer_id
