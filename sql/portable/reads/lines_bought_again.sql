-- Order lines of products that a customer bought up to a day and again after it: one row per line, as in raw.order_items, with
-- its customer, lines of any day. What a purchased pair was on the day can differ from what it is today for these alone.
-- Values: the as-of date. Reads interactive.purchased_pairs as of today.
with parameters as (
    select cast(? as date) as as_of_date
),

open_pairs as (
    select
        purchased_pairs.customer_id,
        purchased_pairs.product_id
    from interactive.purchased_pairs as purchased_pairs
    cross join parameters
    where cast(purchased_pairs.first_order_date as date) <= parameters.as_of_date
        and cast(purchased_pairs.last_order_date as date) > parameters.as_of_date
),

orders as (
    select
        order_id,
        customer_id
    from raw.orders
    where customer_id in (select customer_id from open_pairs)
),

customer_lines as (
    -- A line's customer first, its pair second: every order beside every pair of its customer would be more rows than lines.
    select
        order_items.*,
        orders.customer_id
    from raw.order_items as order_items
    inner join orders
        on order_items.order_id = orders.order_id
)

select customer_lines.*
from customer_lines
where exists (
    select 1
    from open_pairs
    where open_pairs.customer_id = customer_lines.customer_id
        and open_pairs.product_id = customer_lines.product_id
)
